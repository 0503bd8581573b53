import type { Client } from '@temporalio/client';
import { RefundNotFoundError } from '../../client/errors.js';
import { readRefund } from '../../reconciliation/reconcile-runs.js';
import type { DifferenceKind } from '../../rules/differences.js';
import { DIFFERENCES } from '../../rules/differences.js';
import { workflowIdOf } from '../../rules/ids.js';
import { formatAmount, sameAmount } from '../../rules/money.js';
import { isTaken } from '../../rules/outcome.js';
import { type Difference, type Finding, finding, type RecordedRefund } from '../../rules/reconcile.js';
import type { StatementRow } from './statement.js';

/** A finding of a reconciliation. Of a payment that Temporal does not know only the ids and the amount are known. */
export type ReportedFinding = Pick<Finding, 'kind' | 'requestId' | 'answered' | 'explanation' | 'advice'> &
  Partial<Finding> & {
    /** In the statement. */
    line?: number;
  };

/** What the comparison with a statement came to. */
export interface StatementComparison {
  differences: ReportedFinding[];
  information: ReportedFinding[];
  /** The request ids of refunds that succeeded here and that the statement has with the same amount. */
  confirmed: Set<string>;
  /** What could not be compared, as sentences. */
  notes: string[];
}

// The refunds that are looked up at the same time.
const AT_ONCE = 10;
const LONGEST_ID = 64;

/**
 * Compares a statement with Temporal.
 * @param known the refunds that were read already
 */
export async function compareStatement(
  client: Client,
  rows: readonly StatementRow[],
  known: readonly RecordedRefund[],
): Promise<StatementComparison> {
  const result: StatementComparison = {
    differences: [],
    information: [],
    confirmed: new Set(),
    notes: [],
  };
  const byId = new Map(known.flatMap((refund) => idsOf(refund).map((id) => [id, refund] as const)));
  const missing = rows.filter((row) => refundOf(row, byId) === undefined && row.requestId !== undefined);
  await lookUp(client, missing, byId);
  const paid = new Map<string, StatementRow>();
  const listed = new Set<string>();
  for (const row of rows) {
    const refund = refundOf(row, byId);
    const { line } = row;
    const isPayment = row.state === 'paid';
    if (!refund) {
      if (isPayment) result.differences.push(unknownPayment(row));
      continue;
    }
    listed.add(refund.workflowId);
    const found = differencesOf(row, refund);
    const first = isPayment ? paid.get(refund.workflowId) : undefined;
    if (first) found.push(about(row, refund, 'statement-repeated', detailsOfRepeated(row, first)));
    if (isPayment) paid.set(refund.workflowId, first ?? row);
    result.differences.push(...found.map((difference) => ({ ...difference, line })));
    if (isPayment && found.length === 0 && isTaken(refund.status))
      result.confirmed.add(requestIdOf(row, refund));
  }
  addMissing(result, rows, known, listed);
  return result;
}

function detailsOfRepeated(row: StatementRow, first: StatementRow): string[] {
  return [
    `The other one is in line ${first.line} of the statement.`,
    ...(row.isNegative === first.isNegative
      ? []
      : [
          'One of the two amounts has a minus sign: it may have come back, and the customer has nothing then.',
        ]),
  ];
}

/** A refund is found by each id under which it was sent, and by WorldFirst's own. */
function idsOf({ requestIds, expected: { refundId } }: RecordedRefund): string[] {
  return [
    ...requestIds.map((id) => `request ${id}`),
    ...(refundId === undefined ? [] : [`refund ${refundId}`]),
  ];
}

function refundOf(
  { requestId, refundId }: StatementRow,
  byId: ReadonlyMap<string, RecordedRefund>,
): RecordedRefund | undefined {
  return byId.get(`request ${requestId}`) ?? byId.get(`refund ${refundId}`);
}

async function lookUp(
  client: Client,
  rows: readonly StatementRow[],
  byId: Map<string, RecordedRefund>,
): Promise<void> {
  const left = rows.values();
  const takeTurns = async () => {
    for (const { requestId = '' } of left) {
      for (const workflowId of workflowIdsOf(requestId)) {
        const refund = await readRefund(client, workflowId).catch((error: unknown) => {
          if (!(error instanceof RefundNotFoundError)) throw error;
        });
        if (!refund?.requestIds.includes(requestId)) continue;
        for (const id of idsOf(refund)) byId.set(id, refund);
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
}

/** The refund of its own id, or the one that was sent again under a new id: `R-1-2` may belong to `R-1`. */
function workflowIdsOf(requestId: string): string[] {
  // No refund has a longer id, and Temporal refuses to look for one.
  if (requestId.length > LONGEST_ID) return [];
  const [, base] = /^(.+)-\d+$/.exec(requestId) ?? [];
  return [workflowIdOf(requestId), ...(base === undefined ? [] : [workflowIdOf(base)])];
}

function requestIdOf({ requestId }: StatementRow, { requestIds }: RecordedRefund): string {
  return requestId ?? (requestIds.at(-1) as string);
}

function differencesOf(row: StatementRow, refund: RecordedRefund): Difference[] {
  const { amount, state, requestId } = row;
  // A payment that is still under way is no contradiction.
  if (state === 'pending') return [];
  if (state === 'unpaid')
    return refund.status === 'succeeded' ? [about(row, refund, 'statement-declined')] : [];
  const { amounts } = refund.expected;
  const isAnother = amounts.length > 0 && !amounts.some((each) => sameAmount(each, amount));
  const isEarlierId = requestId !== undefined && requestId !== refund.requestIds.at(-1);
  return [
    ...(isEarlierId ? [about(row, refund, 'earlier-id-carried-out')] : []),
    ...(isTaken(refund.status) || refund.status === 'running'
      ? []
      : [about(row, refund, 'statement-paid-although-unpaid-here')]),
    ...(isAnother
      ? [
          about(row, refund, 'statement-amount-differs', [
            `It is ${formatAmount(amount)} in the statement, but ${[...new Set(amounts.map(formatAmount))].join(' or ')} was expected.`,
          ]),
        ]
      : []),
  ];
}

function about(
  row: StatementRow,
  refund: RecordedRefund,
  kind: DifferenceKind,
  details: readonly string[] = [],
): Difference {
  const answer = { kind: 'statement', refundStatus: answeredBy(row) };
  return finding(refund, requestIdOf(row, refund), answer, kind, details);
}

function answeredBy({ amount, status, line }: StatementRow): string {
  return [status ?? 'paid', formatAmount(amount), `line ${line}`].join(', ');
}

function unknownPayment(row: StatementRow): ReportedFinding {
  const { line, requestId, refundId, amount } = row;
  const { explanation, advice } = DIFFERENCES['statement-unknown'];
  return {
    kind: 'statement-unknown',
    requestId: requestId ?? refundId ?? '',
    amount: formatAmount(amount),
    answered: answeredBy(row),
    explanation,
    advice,
    line,
  };
}

/** Refunds that the statement should have; without dates it is not known which ones. */
function addMissing(
  { information, notes }: StatementComparison,
  rows: readonly StatementRow[],
  known: readonly RecordedRefund[],
  listed: ReadonlySet<string>,
): void {
  const days = rows.flatMap(({ date }) => (date === undefined ? [] : [date.slice(0, 10)])).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) {
    notes.push('the statement has no dates (--columns date=…), so refunds that it lacks are not reported');
    return;
  }
  for (const refund of known) {
    const day = refund.endedAt?.slice(0, 10) ?? '';
    if (refund.status !== 'succeeded' || listed.has(refund.workflowId) || day < first || day > last) continue;
    const requestId = refund.requestIds.at(-1) as string;
    information.push(finding(refund, requestId, { kind: 'not in the statement' }, 'statement-missing'));
  }
}
