import type { Command } from 'commander';
import { InvalidRefundRequestError } from '../client/errors.js';
import type { DecisionName } from '../rules/decision.js';
import { readDecision } from '../rules/messages.js';
import { type BulkDecision, type BulkItem, decideEach, planEach } from './bulk.js';
import { bulkDocument, counted, planText, progressText, summaryText } from './bulk-text.js';
import type { Invocation } from './command.js';
import { completed, type DecisionFlags, decisionFrom } from './decision-flags.js';
import { EXIT, type ExitCode, exitCodeFor } from './exit-codes.js';
import { CliError } from './failure.js';
import { collect, type FilterFlags, filterFrom, withFilterFlags } from './filter-flags.js';
import { stopSignal } from './stop-signal.js';
import { withRefunds } from './temporal.js';
import { isInteractive } from './terminal.js';

/** The flags of `decide --all`. */
export interface BulkFlags extends FilterFlags {
  all?: boolean;
  yes?: boolean;
  dryRun?: boolean;
}

/** Adds the flags to a command. */
export function withBulkFlags(command: Command): Command {
  command
    .option('--all', 'decide about all that wait for a person for the reason of --attention')
    .option('--dry-run', 'with --all: show what would be decided, and change nothing')
    .option('--yes', 'with --all: decide without asking');
  return withFilterFlags(command, { when: 'with --all: ' });
}

/** Whoever forgets --all must not be left to believe that many were decided. */
export function refuseBulkFlags(options: BulkFlags): void {
  const { attention, product, reference, olderThan, limit, yes, dryRun } = options;
  const given = [attention, product, reference, olderThan, limit, yes, dryRun];
  if (given.some((value) => value !== undefined))
    throw new CliError('USAGE', 'flags that choose among refunds need --all, and so do --dry-run and --yes');
}

/** Decides about all refunds that wait for a person for one reason, once somebody has seen which. */
export async function decideMany(invocation: Invocation<DecisionFlags & BulkFlags>): Promise<ExitCode> {
  const { args, options, output, env } = invocation;
  const bulk = bulkDecisionFrom(args, options);
  const { limit = Number.POSITIVE_INFINITY, dryRun = false } = options;
  return withRefunds(env, async (refunds) => {
    const filter = { ...filterFrom(options), status: 'needs-attention' } as const;
    const { found, more } = await collect(refunds, filter, limit);
    const plan = await planEach(refunds, bulk, found);
    if (more) output.note(`more refunds wait for it: --limit keeps this to ${limit}`);
    if (dryRun) {
      output.result(bulkDocument(bulk, plan, true), () => planText(bulk, found, plan));
      return EXIT.done;
    }
    output.preview(() => planText(bulk, found, plan));
    const applies = plan.filter(({ result }) => result === 'applies').length;
    if (applies > 0) await agreed(`${bulk.decision.decision} for ${counted(applies)}: do it?`, invocation);
    const signal = stopSignal();
    let turn = 0;
    const onDone = (item: BulkItem) => output.note(progressText(item, ++turn, applies));
    const items = await decideEach(refunds, bulk, plan, { signal, onDone });
    output.result(bulkDocument(bulk, items, false), () => summaryText(bulk, items));
    return exitCodeOf(items);
  });
}

/** Decisions by which the money of one refund moves at most once, and which need no look at each refund. */
const IN_BULK: readonly DecisionName[] = ['inquire-again', 'send-again'];

function bulkDecisionFrom([word, ...others]: string[], options: DecisionFlags & BulkFlags): BulkDecision {
  if (others.length > 0)
    throw new CliError('USAGE', '--all takes no ID: decide --all --attention REASON DECISION');
  const decision = completed(decisionFrom(word, options));
  if (!IN_BULK.includes(decision.decision) || decision.evidence !== undefined) {
    throw new CliError(
      'USAGE',
      `--all decides ${IN_BULK.join(' or ')}. What closes a refund needs evidence about that one refund, and under a ` +
        'new id its money could move again: decide about those one by one.',
    );
  }
  if (options.attention === undefined)
    throw new CliError('USAGE', '--all needs --attention REASON: one decision fits one reason');
  const read = readDecision(decision);
  if (!read.ok) throw new InvalidRefundRequestError(read.issues);
  return { decision, attention: options.attention };
}

async function agreed(question: string, { options, output }: Invocation<BulkFlags>): Promise<void> {
  if (options.yes) return;
  if (output.format !== 'text' || !isInteractive())
    throw new CliError('USAGE', 'nothing was decided: add --yes to decide, or --dry-run to look only');
  const { ask, left } = await import('./prompts.js');
  const { default: confirm } = await import('@inquirer/confirm');
  if (!(await ask((context) => confirm({ message: question, default: false }, context)))) throw left();
}

function exitCodeOf(items: readonly BulkItem[]): ExitCode {
  if (items.some(({ result }) => result === 'refused')) return EXIT.refused;
  const failure = items.find(({ result }) => result === 'no-answer')?.error;
  if (failure) return exitCodeFor(failure.code);
  return items.some(({ result }) => result === 'not-tried') ? EXIT.interrupted : EXIT.done;
}
