import { type DifferenceKind, INFORMATION, type InformationKind, MEANINGS } from './differences.js';
import { entryAmountDifferences, entryIdDifferences, type Inquiry, type RefundEntry } from './integrity.js';
import { type Amount, formatAmount } from './money.js';
import type { RefundOutcome, RefundSucceeded } from './outcome.js';
import type { Product } from './request.js';

/**
 * How a refund stands in Temporal; `waiting`: for an operator, `running`: its own workflow follows it, `stopped`: its workflow
 * was terminated or failed.
 */
export type RecordedStatus = RefundOutcome['status'] | 'waiting' | 'running' | 'stopped';

/** What Temporal has of one refund, as far as it is compared. */
export interface RecordedRefund {
  refundRequestId: string;
  workflowId: string;
  runId: string;
  product: Product;
  /** `tradeId` or `payToId`. */
  reference: string;
  status: RecordedStatus;
  startedAt: string;
  endedAt?: string;
  /** Absent until it is known, and for several currencies. */
  amount?: Amount;
  /** The ids under which it was sent to WorldFirst; the last one is in use. */
  requestIds: readonly string[];
  /** What WorldFirst's answer about the id in use must fit. */
  expected: Inquiry['expected'];
  /** What showed the success, if it succeeded. */
  confirmedBy?: RefundSucceeded['confirmedBy'];
  /** An operator ended it, so WorldFirst's last answer is not what ended it. */
  endedByOperator?: true;
  /** WorldFirst answered that the id in use has another request. */
  idInUse?: true;
}

/** What WorldFirst answered about one id; `notChecked`: nothing that counts. */
export type AnswerAboutId =
  | { kind: 'settled' | 'declined' | 'pending'; refundStatus: string; entry: RefundEntry }
  | { kind: 'notFound' }
  | { kind: 'notChecked'; reason: string };

/** One difference, or one piece of information, about a refund. */
export interface Finding<Kind extends string = string> {
  kind: Kind;
  refundRequestId: string;
  workflowId: string;
  product: Product;
  reference: string;
  /** ISO 8601 in UTC. */
  startedAt: string;
  /** The run of the workflow that was compared. */
  runId: string;
  /** The id that WorldFirst was asked about. */
  requestId: string;
  /** Such as `USD 12.34`, as Temporal has it; absent where it is not known. */
  amount?: string;
  /** How the refund stands in Temporal. */
  recorded: RecordedStatus;
  /** WorldFirst's `refundStatus`, or `not found`. */
  answered: string;
  /** What differs, as sentences. */
  explanation: string;
  /** What an operator does. */
  advice: string;
}

/** What Temporal and WorldFirst do not agree about. */
export type Difference = Finding<DifferenceKind>;

/** An id that WorldFirst gave no answer about that counts. */
export interface NotChecked {
  refundRequestId: string;
  product: Product;
  reference: string;
  /** Such as `USD 12.34`, as Temporal has it; absent where it is not known. */
  amount?: string;
  /** The id that WorldFirst was asked about. */
  requestId: string;
  /** `no-answer`: WorldFirst gave none that counts. `no-evidence`: it answered, and the answer says nothing about this refund. */
  cause: 'no-answer' | 'no-evidence';
  reason: string;
}

/** The comparison of one refund. It agrees where all three lists are empty. */
export interface Comparison {
  differences: Difference[];
  /** What is new at WorldFirst and no contradiction. */
  information: Finding<InformationKind>[];
  notChecked: NotChecked[];
}

type Answered = Exclude<AnswerAboutId['kind'], 'notChecked'>;

/** What each answer about the id in use means, by how the refund stands in Temporal. */
export const MEANING: Record<
  RecordedStatus,
  Record<Answered, DifferenceKind | InformationKind | 'agrees'>
> = {
  succeeded: { settled: 'agrees', pending: 'not-settled', declined: 'reversed', notFound: 'not-found' },
  accepted: {
    settled: 'settled-since',
    pending: 'agrees',
    declined: 'declined-after-acceptance',
    notFound: 'not-found',
  },
  failed: {
    settled: 'settled-although-failed',
    pending: 'pending-although-failed',
    declined: 'agrees',
    notFound: 'agrees',
  },
  cancelled: {
    settled: 'settled-although-cancelled',
    pending: 'settled-although-cancelled',
    declined: 'agrees',
    notFound: 'agrees',
  },
  waiting: {
    settled: 'settled-while-waiting',
    pending: 'agrees',
    declined: 'declined-while-waiting',
    notFound: 'agrees',
  },
  // The workflow inquires by itself, at the documented intervals.
  running: { settled: 'agrees', pending: 'agrees', declined: 'agrees', notFound: 'agrees' },
  stopped: {
    settled: 'settled-while-stopped',
    pending: 'pending-while-stopped',
    declined: 'declined-while-stopped',
    notFound: 'agrees',
  },
};

/**
 * Compares a refund with WorldFirst's answers.
 * @param answers one for each of the refund's request ids, in their order
 */
export function compare(refund: RecordedRefund, answers: readonly AnswerAboutId[]): Comparison {
  const result: Comparison = { differences: [], information: [], notChecked: [] };
  refund.requestIds.forEach((requestId, index) => {
    const answer = answers[index] ?? { kind: 'notChecked', reason: 'It was not asked about.' };
    const isInUse = index === refund.requestIds.length - 1;
    const cause = answer.kind === 'notChecked' ? 'no-answer' : 'no-evidence';
    const reason = answer.kind === 'notChecked' ? answer.reason : doubt(refund, answer, isInUse);
    if (reason !== undefined) {
      result.notChecked.push({ ...namesOf(refund), requestId, cause, reason });
      return;
    }
    const known = answer as Exclude<AnswerAboutId, { kind: 'notChecked' }>;
    const kind = isInUse ? MEANING[refund.status][known.kind] : meaningOfEarlierId(known);
    if (isInformation(kind)) result.information.push(finding(refund, requestId, known, kind));
    else if (kind !== 'agrees') result.differences.push(finding(refund, requestId, known, kind));
    result.differences.push(...contentDifferences(refund, requestId, known, isInUse));
  });
  return result;
}

/** A finding about a refund. */
export function finding<Kind extends DifferenceKind | InformationKind>(
  refund: RecordedRefund,
  requestId: string,
  answer: { kind: string; refundStatus?: string },
  kind: Kind,
  details: readonly string[] = [],
): Finding<Kind> {
  const { workflowId, runId, startedAt, status } = refund;
  const { explanation, advice } = MEANINGS[kind];
  const answered = answer.refundStatus ?? (answer.kind === 'notFound' ? 'not found' : answer.kind);
  return {
    kind,
    ...namesOf(refund),
    workflowId,
    startedAt,
    runId,
    requestId,
    recorded: status,
    answered,
    explanation: [explanation, ...details].join(' '),
    advice,
  };
}

function namesOf({ refundRequestId, product, reference, amount }: RecordedRefund) {
  return { refundRequestId, product, reference, ...(amount && { amount: formatAmount(amount) }) };
}

/** Why an answer says nothing about this refund, although it is one. */
function doubt(refund: RecordedRefund, answer: AnswerAboutId, isInUse: boolean): string | undefined {
  if (isInUse && refund.idInUse)
    return 'WorldFirst answered before that this id has another request, so an inquiry is not about this refund. Compare the two requests by hand.';
  if (answer.kind !== 'notFound' || refund.product === 'cashier') return undefined;
  // The page of `inquireRefund` belongs to the cashier product. It may not know any WorldTrade refund.
  const isKnownThere = refund.confirmedBy === 'inquiry';
  const wasRefused = refund.status === 'failed' && !refund.endedByOperator;
  // One that waits is not called done or failed here: nothing contradicts the answer, and an operator is asked already.
  const isWaiting = refund.status === 'waiting';
  if (isInUse && (isKnownThere || wasRefused || isWaiting || refund.status === 'cancelled')) return undefined;
  return 'WorldFirst’s inquiry does not know this refund, and it may know no WorldTrade refund at all. Compare it with a statement.';
}

/** A new id is used only after a definite refusal of the one before. */
function meaningOfEarlierId({ kind }: { kind: Answered }): DifferenceKind | 'agrees' {
  return kind === 'settled' || kind === 'pending' ? 'earlier-id-carried-out' : 'agrees';
}

function isInformation(kind: string): kind is InformationKind {
  return Object.hasOwn(INFORMATION, kind);
}

function contentDifferences(
  refund: RecordedRefund,
  requestId: string,
  answer: Exclude<AnswerAboutId, { kind: 'notChecked' }>,
  isInUse: boolean,
): Difference[] {
  // A declined refund moved no money.
  if (answer.kind === 'notFound' || answer.kind === 'declined') return [];
  const { payToId, refundId, amounts } = refund.expected;
  const expectedIds = {
    ...(payToId !== undefined && { payToId }),
    // It belongs to the id in use.
    ...(isInUse && refundId !== undefined && { refundId }),
  };
  const ids = entryIdDifferences(expectedIds, answer.entry);
  const money = entryAmountDifferences(amounts, answer.entry.refundAmount);
  return [
    ...(ids.length > 0 ? [finding(refund, requestId, answer, 'ids-differ', ids)] : []),
    ...(money.length > 0 ? [finding(refund, requestId, answer, 'amount-differs', money)] : []),
  ];
}
