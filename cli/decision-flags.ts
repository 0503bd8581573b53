import type { Command } from 'commander';
import { DECISIONS, type DecisionName } from '../rules/decision.js';
import type { Decision } from '../rules/messages.js';
import { CliError } from './failure.js';
import { type FilterFlags, withFilterFlags } from './filter-flags.js';
import { DECISION_NAMES } from './refund-text.js';

/** The flags of a decision. */
export type DecisionFlags = Partial<Pick<Decision, 'by' | 'reason' | 'evidence'>>;

/** The flags of `decide --all`. */
export interface BulkFlags extends FilterFlags {
  all?: boolean;
  yes?: boolean;
  dryRun?: boolean;
}

/** Adds all flags of `decide` to the command. */
export function withDecisionFlags(command: Command): Command {
  command
    .option('--by <name>', 'who you are')
    .option('--reason <text>', 'why you do this')
    .option(
      '--evidence <text>',
      'proof, such as WorldFirst’s answer; required by mark-succeeded and mark-failed',
    )
    .option('--all', 'decide for all refunds that wait for the reason in --attention')
    .option('--dry-run', 'with --all: show what would be decided, and change nothing')
    .option('--yes', 'with --all: decide without asking');
  return withFilterFlags(command, { when: 'with --all: ' });
}

/** The part of a decision that the command line contains. */
export function decisionFrom(
  word: string | undefined,
  { by, reason, evidence }: DecisionFlags,
): Partial<Decision> {
  return {
    ...(word !== undefined && { decision: nameFrom(word) }),
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
    ...(evidence !== undefined && { evidence }),
  };
}

/**
 * A decision with a name and a reason.
 * @throws CliError that names the missing flag
 */
export function completed({ decision, by, reason, evidence }: Partial<Decision>, hint = ''): Decision {
  if (decision === undefined)
    throw new CliError('USAGE', `missing DECISION: ${DECISION_NAMES.join(', ')}.${hint}`);
  if (by === undefined) throw new CliError('USAGE', `missing --by NAME.${hint}`);
  if (reason === undefined) throw new CliError('USAGE', `missing --reason TEXT.${hint}`);
  return { decision, by, reason, ...(evidence !== undefined && { evidence }) };
}

function nameFrom(word: string): DecisionName {
  if (Object.hasOwn(DECISIONS, word)) return word as DecisionName;
  throw new CliError(
    'USAGE',
    `"${word}" is not a decision. Allowed choices are ${DECISION_NAMES.join(', ')}.`,
  );
}

/** Refuses the flags of `--all` without `--all`, because only one refund would be decided then. */
export function refuseBulkFlags(options: BulkFlags): void {
  const { attention, product, reference, olderThan, limit, yes, dryRun } = options;
  const given = [attention, product, reference, olderThan, limit, yes, dryRun];
  if (given.some((value) => value !== undefined))
    throw new CliError('USAGE', 'filters, --dry-run and --yes need --all');
}
