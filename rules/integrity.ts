import type { ApplyRefundBody, CashierRefundBody } from './bodies.js';
import { type Amount, addAmount, formatAmount, formatSums, type Sums, sameAmount } from './money.js';

/** Which refund to inquire about, and what an answer about it must agree with. */
export interface Inquiry {
  /** The id under which the refund was sent. */
  refundRequestId: string;
  expected: {
    /** Cashier only. */
    payToId?: string;
    /** The answer's `refundAmount` may be any one of these; with none of them there is nothing to compare. */
    amounts: Amount[];
    /** The id that WorldFirst gave when it took the refund, if it did. */
    refundId?: string;
  };
}

/**
 * Where the answer to `queryTradeOrder` is about another order; each as a sentence.
 * @param answered the trade ids that the answer holds; its page documents none, so a value that is not a text is ignored
 */
export function orderDifferences(tradeId: string, answered: readonly unknown[]): string[] {
  return answered.flatMap((id) =>
    differentId('tradeId', tradeId, typeof id === 'string' && id !== '' ? id : undefined),
  );
}

/** Where the answer to `applyRefund` is about something else than what was asked; each as a sentence. */
export function applyRefundDifferences(
  asked: ApplyRefundBody,
  answered: { paymentOrderId?: string },
): string[] {
  return differentId('paymentOrderId', asked.paymentOrderId, answered.paymentOrderId);
}

/** The amounts of one payment method, as far as an answer has them. */
export interface AnsweredDetail {
  refundToAmount?: Amount;
  refundAmount?: Amount;
}

/** Where the answer to `refund` is about something else than what was asked; each as a sentence. */
export function refundDifferences(
  asked: CashierRefundBody,
  answered: { payToId?: string; refundRequestId?: string; refundToDetails?: AnsweredDetail[] },
): string[] {
  return [
    ...differentId('payToId', asked.payToId, answered.payToId),
    ...differentId('refundRequestId', asked.refundRequestId, answered.refundRequestId),
    ...differentTotals('refundToAmount', asked.refundToDetails, answered.refundToDetails),
    ...differentTotals('refundAmount', asked.refundToDetails, answered.refundToDetails),
  ];
}

/** What an inquiry says about one refund, as far as it is compared. */
export interface RefundEntry {
  refundRequestId?: string;
  refundId?: string;
  payToId?: string;
  refundAmount?: Amount;
}

/** Our refund in the list of an inquiry's answer. */
export type Found<Entry> =
  | { kind: 'entry'; entry: Entry }
  | { kind: 'notFound' }
  | { kind: 'mismatch'; differences: string[] };

/**
 * Finds the refund in an inquiry's answer, and compares it. Other refunds in the list are not ours and do no harm, but a list
 * without ours, or with two entries for it, is not an answer to this inquiry.
 */
export function findRefund<Entry extends RefundEntry>(
  inquiry: Inquiry,
  entries: readonly Entry[],
): Found<Entry> {
  const found = findEntry(inquiry, entries);
  if (found.kind === 'notFound') return found;
  const differences = [
    ...(found.kind === 'mismatch' ? found.differences : []),
    ...entries
      .filter((entry) => isAbout(inquiry, entry))
      .flatMap((entry) => entryDifferences(inquiry, entry)),
  ];
  return differences.length > 0 ? { kind: 'mismatch', differences } : found;
}

/** The same without the comparison of ids, amount and currency. */
export function findEntry<Entry extends RefundEntry>(
  inquiry: Inquiry,
  entries: readonly Entry[],
): Found<Entry> {
  if (entries.length === 0) return { kind: 'notFound' };
  const ours = entries.filter((entry) => isAbout(inquiry, entry));
  const [entry] = ours;
  if (!entry) {
    const ids = entries
      .map(({ refundRequestId, refundId }) => refundRequestId ?? refundId ?? 'no id')
      .join(', ');
    const sentence = `WorldFirst was asked about ${inquiry.refundRequestId} but answered only about other refunds: ${ids}.`;
    return { kind: 'mismatch', differences: [sentence] };
  }
  if (ours.length === 1) return { kind: 'entry', entry };
  const sentence = `The answer has ${ours.length} entries for ${inquiry.refundRequestId}.`;
  return { kind: 'mismatch', differences: [sentence] };
}

function isAbout({ refundRequestId, expected }: Inquiry, entry: RefundEntry): boolean {
  if (entry.refundRequestId !== undefined) return entry.refundRequestId === refundRequestId;
  return entry.refundId !== undefined && entry.refundId === expected.refundId;
}

function entryDifferences({ expected }: Inquiry, entry: RefundEntry): string[] {
  return [
    ...entryIdDifferences(expected, entry),
    ...entryAmountDifferences(expected.amounts, entry.refundAmount),
  ];
}

/** Where an inquiry's answer about a refund has other ids than expected; each as a sentence. */
export function entryIdDifferences(
  expected: Pick<Inquiry['expected'], 'payToId' | 'refundId'>,
  entry: RefundEntry,
): string[] {
  return [
    ...differentId('payToId', expected.payToId, entry.payToId),
    ...differentId('refundId', expected.refundId, entry.refundId),
  ];
}

function differentId(field: string, asked: string | undefined, answered: string | undefined): string[] {
  if (asked === undefined || answered === undefined || asked === answered) return [];
  return [`${field} is ${answered} in the answer, but ${asked} was expected.`];
}

/** Where an inquiry's answer about a refund has none of the expected amounts, as a sentence. */
export function entryAmountDifferences(asked: readonly Amount[], answered: Amount | undefined): string[] {
  if (!answered || asked.length === 0 || asked.some((amount) => sameAmount(amount, answered))) return [];
  const expected = [...new Set(asked.map(formatAmount))].join(' or ');
  return [`refundAmount is ${formatAmount(answered)} in the answer, but ${expected} was expected.`];
}

/** Totals and not lines: an answer may split or order the lines in its own way, and the money is the same. */
function differentTotals(
  field: 'refundToAmount' | 'refundAmount',
  asked: readonly AnsweredDetail[],
  // Stryker disable next-line ArrayDeclaration: a detail without any amount says as little as no detail.
  answered: readonly AnsweredDetail[] = [],
): string[] {
  if (answered.every((detail) => detail[field] === undefined)) return [];
  const [expected, actual] = [totals(asked, field), totals(answered, field)];
  if (expected === actual) return [];
  return [`${field} is ${actual} in the answer, but ${expected} was expected.`];
}

/** The sum of each currency in a fixed order, exact at any size. */
function totals(details: readonly AnsweredDetail[], field: 'refundToAmount' | 'refundAmount'): string {
  const sums: Sums = new Map();
  for (const { [field]: amount } of details) if (amount) addAmount(sums, amount);
  return formatSums(sums).join(' + ');
}
