import type { RefundSummary } from '../client/list-refunds.js';
import { DECISIONS } from '../rules/decision.js';
import type { BulkDecision, BulkItem, BulkResult } from './bulk.js';
import { wrapped } from './fit.js';
import { listText } from './list-text.js';
import { terminalWidth } from './terminal.js';
import { terminalText } from './terminal-text.js';

/** What `--json` prints of a decision about many. */
export function bulkDocument(
  { decision, attention }: BulkDecision,
  items: readonly BulkItem[],
  dryRun: boolean,
) {
  const count = (result: BulkResult) => items.filter((item) => item.result === result).length;
  return {
    ...decision,
    attention,
    dryRun,
    summary: {
      found: items.length,
      ...(dryRun
        ? { applies: count('applies') }
        : { decided: count('decided'), notTried: count('not-tried') }),
      refused: count('refused'),
      noAnswer: count('no-answer'),
    },
    refunds: items,
  };
}

/** What would be decided, before it is. */
export function planText(
  { decision: { decision }, attention }: BulkDecision,
  found: readonly RefundSummary[],
  plan: readonly BulkItem[],
): string {
  if (found.length === 0) return `no refund that was asked for waits for a person because of ${attention}`;
  const applies = found.filter((_, index) => plan[index]?.result === 'applies');
  return [
    `${decision} applies to ${applies.length} of ${counted(found.length)} (waiting because of ${attention})`,
    wrapped(DECISIONS[decision].effect, terminalWidth()),
    ...(applies.length > 0 ? ['', listText(applies)] : []),
    ...problems(plan),
  ].join('\n');
}

/** What was decided. */
export function summaryText({ decision: { decision } }: BulkDecision, items: readonly BulkItem[]): string {
  const decided = items.filter(({ result }) => result === 'decided').length;
  const untried = items.filter(({ result }) => result === 'not-tried').length;
  return [
    `decided ${decision} for ${decided} of ${counted(items.length)}`,
    ...(untried > 0
      ? [`stopped before the turn of ${counted(untried)}: nothing was decided about them`]
      : []),
    ...problems(items),
  ].join('\n');
}

/** One refund that has had its turn. */
export function progressText({ refundRequestId, result }: BulkItem, turn: number, of: number): string {
  return `${turn}/${of}  ${terminalText(refundRequestId)}  ${result}`;
}

/** So many refunds. */
export function counted(count: number): string {
  return count === 1 ? '1 refund' : `${count} refunds`;
}

const TITLES: [BulkResult, string][] = [
  ['refused', 'refused'],
  ['no-answer', 'no answer; to decide the same again is harmless'],
];

function problems(items: readonly BulkItem[]): string[] {
  return TITLES.flatMap(([result, title]) => {
    const lines = items
      .filter((item) => item.result === result)
      .map((item) =>
        wrapped(terminalText(`  ${item.refundRequestId}: ${item.error?.message ?? ''}`), terminalWidth(), 4),
      );
    return lines.length > 0 ? ['', `${title} (${lines.length}):`, ...lines] : [];
  });
}
