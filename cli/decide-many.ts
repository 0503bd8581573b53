import { InvalidRefundRequestError } from '../client/errors.js';
import type { RefundSummary } from '../client/list-refunds.js';
import { DECISIONS, type DecisionName } from '../rules/decision.js';
import { readDecision } from '../rules/messages.js';
import { agree } from './agree.js';
import {
  type BulkDecision,
  type BulkItem,
  type BulkResult,
  decideEach,
  planEach,
  totalsOfRefunds,
} from './bulk.js';
import type { Invocation } from './command.js';
import { type BulkFlags, completed, type DecisionFlags, decisionFrom } from './decision-flags.js';
import { CliError, EXIT, type ExitCode, exitCodeFor } from './failure.js';
import { collect, filterFrom } from './filter-flags.js';
import { listText } from './list.js';
import { stopSignal } from './stop-signal.js';
import { withTracedRefunds } from './temporal.js';
import { counted, terminalText, terminalWidth, wrapped } from './terminal.js';

/** Decides for all refunds that need an operator for one reason, after they were shown. */
export async function decideMany(invocation: Invocation<DecisionFlags & BulkFlags>): Promise<ExitCode> {
  const { args, options, output } = invocation;
  const bulk = bulkDecisionFrom(args, options);
  const { limit, dryRun = false } = options;
  return withTracedRefunds(invocation, async (refunds) => {
    const filter = { ...filterFrom(options), status: 'needs-attention' } as const;
    const { found, more } = await collect(refunds, filter, limit);
    const plan = await planEach(refunds, bulk, found);
    if (more) output.note(`more refunds wait for this reason; --limit is ${limit}`);
    if (dryRun) {
      output.result(bulkDocument(bulk, plan, true), () => planText(bulk, found, plan));
      return EXIT.done;
    }
    output.preview(() => planText(bulk, found, plan));
    const applying = withResult(plan, 'applies');
    const applies = applying.length;
    if (applies > 0) {
      const unasked = 'nothing was decided: add --yes to decide, or --dry-run for a preview';
      const question = `Apply ${bulk.decision.decision} to ${counted(applies)}${moneyText(applying)}?`;
      await agree(question, { yes: options.yes, output, unasked });
    }
    const signal = stopSignal();
    let turn = 0;
    const onDone = (item: BulkItem) => output.note(progressText(item, ++turn, applies));
    const items = await decideEach(refunds, bulk, plan, { signal, onDone });
    output.result(bulkDocument(bulk, items, false), () => summaryText(bulk, items));
    return exitCodeOf(items);
  });
}

/** The decisions that move the money of a refund at most once, and that need no check of each refund. */
const IN_BULK: readonly DecisionName[] = ['inquire-again', 'send-again'];

function bulkDecisionFrom([word, ...others]: string[], options: DecisionFlags & BulkFlags): BulkDecision {
  if (others.length > 0)
    throw new CliError(
      'USAGE',
      '--all cannot be combined with an ID. Use: decide --all --attention REASON DECISION',
    );
  const decision = completed(decisionFrom(word, options));
  if (!IN_BULK.includes(decision.decision) || decision.evidence !== undefined) {
    throw new CliError(
      'USAGE',
      `--all allows only ${IN_BULK.join(' or ')}. Take other decisions for one refund at a time: closing a refund needs ` +
        'a check of that refund, and a new id could pay twice.',
    );
  }
  if (options.attention === undefined) throw new CliError('USAGE', '--all needs --attention REASON');
  const read = readDecision(decision);
  if (!read.ok) throw new InvalidRefundRequestError(read.issues);
  return { decision, attention: options.attention };
}

function exitCodeOf(items: readonly BulkItem[]): ExitCode {
  if (items.some(({ result }) => result === 'refused')) return EXIT.refused;
  const failure = items.find(({ result }) => result === 'no-answer')?.error;
  if (failure) return exitCodeFor(failure.code);
  return items.some(({ result }) => result === 'not-tried') ? EXIT.interrupted : EXIT.done;
}

/** What `--json` prints of a decision for many refunds. */
function bulkDocument({ decision, attention }: BulkDecision, items: readonly BulkItem[], dryRun: boolean) {
  const count = (result: BulkResult) => withResult(items, result).length;
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
      totals: totalsOfRefunds(withResult(items, dryRun ? 'applies' : 'decided')),
    },
    refunds: items,
  };
}

/** What would be decided. */
function planText(
  { decision: { decision }, attention }: BulkDecision,
  found: readonly RefundSummary[],
  plan: readonly BulkItem[],
): string {
  if (found.length === 0) return `no matching refund waits for the reason ${attention}`;
  const applies = found.filter((_, index) => plan[index]?.result === 'applies');
  return [
    `${decision} applies to ${applies.length} of ${counted(found.length)} (reason: ${attention})${moneyText(applies)}`,
    wrapped(DECISIONS[decision].effect, terminalWidth()),
    ...(applies.length > 0 ? ['', listText(applies)] : []),
    ...problems(plan),
  ].join('\n');
}

/** What was decided. */
function summaryText({ decision: { decision } }: BulkDecision, items: readonly BulkItem[]): string {
  const decided = withResult(items, 'decided');
  const untried = withResult(items, 'not-tried').length;
  return [
    `decided ${decision} for ${decided.length} of ${counted(items.length)}${moneyText(decided)}`,
    ...(untried > 0 ? [`interrupted: ${counted(untried)} not decided`] : []),
    ...problems(items),
  ].join('\n');
}

/** The result of one refund, while others are still to come. */
function progressText({ refundRequestId, result }: BulkItem, turn: number, of: number): string {
  return `${turn}/${of}  ${terminalText(refundRequestId)}  ${result}`;
}

function withResult(items: readonly BulkItem[], wanted: BulkResult): BulkItem[] {
  return items.filter(({ result }) => result === wanted);
}

/** `, USD 30.00 and JPY 500 in all`. */
function moneyText(refunds: readonly { amount?: string }[]): string {
  const totals = totalsOfRefunds(refunds);
  return totals.length === 0 ? '' : `, ${totals.join(' and ')} in all`;
}

const TITLES: [BulkResult, string][] = [
  ['refused', 'refused'],
  ['no-answer', 'no answer, so not known whether decided; repeating the same decision is harmless'],
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
