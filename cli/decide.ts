import type { Command } from 'commander';
import { DECISIONS } from '../rules/decision.js';
import type { Decision } from '../rules/messages.js';
import { defineCommand, type Invocation } from './command.js';
import { decideMany } from './decide-many.js';
import {
  type BulkFlags,
  completed,
  type DecisionFlags,
  decisionFrom,
  refuseBulkFlags,
  withDecisionFlags,
} from './decision-flags.js';
import { CliError } from './failure.js';
import { DECISION_NAMES, decisionsText, showText } from './refund-text.js';
import { programName, shellWord } from './shell.js';
import { withTracedRefunds } from './temporal.js';
import { isInteractive } from './terminal.js';

/** `decide`: an operator's decision for one refund, or for all that need an operator for the same reason. */
export function decideCommand(): Command {
  const command = defineCommand<DecisionFlags & BulkFlags>('decide [ID] [DECISION]', {
    description:
      'take a decision for a refund that needs an operator; on a terminal, show the possible decisions and ask for missing values',
    details: `Decisions:\n${decisionsText(DECISION_NAMES)}`,
    examples: [
      'decide R-1001',
      "decide R-1001 mark-succeeded --by ana --reason 'closed with WorldFirst' --evidence 'ticket 4711'",
      "decide --all --attention configuration send-again --by ana --reason 'the key is fixed' --dry-run",
      "decide --all --attention configuration send-again --by ana --reason 'the key is fixed' --older-than 1h --yes",
    ],
    run: (invocation) => (invocation.options.all ? decideMany(invocation) : decideOne(invocation)),
  });
  return withDecisionFlags(command);
}

/** Decides for one refund: by the flags, or on a terminal by questions about what the flags leave out. */
async function decideOne(invocation: Invocation<DecisionFlags & BulkFlags>): Promise<undefined> {
  const {
    args: [id, word],
    options,
    output,
  } = invocation;
  refuseBulkFlags(options);
  if (id === undefined) throw new CliError('USAGE', 'give a refund id, or use --all');
  const given = decisionFrom(word, options);
  if (output.format === 'text' && isInteractive() && !isComplete(given)) {
    const { decideByPrompt } = await import('./decide-prompt.js');
    const view = await withTracedRefunds(invocation, (refunds) => decideByPrompt(refunds, id, given));
    output.result(view, () => `\n${showText(view)}`);
    return undefined;
  }
  const decision = completed(
    given,
    ` On a terminal \`${programName()} decide ${shellWord(id)}\` asks for the missing values.`,
  );
  const view = await withTracedRefunds(invocation, (refunds) => refunds.decide(id, decision));
  output.result(view, () => showText(view));
  return undefined;
}

function isComplete({ decision, by, reason, evidence }: Partial<Decision>): boolean {
  if (decision === undefined || by === undefined || reason === undefined) return false;
  return evidence !== undefined || !DECISIONS[decision].needsEvidence;
}
