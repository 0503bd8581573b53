import { DECISIONS } from '../rules/decision.js';
import type { Decision } from '../rules/messages.js';
import type { Invocation } from './command.js';
import { type BulkFlags, refuseBulkFlags } from './decide-many.js';
import { completed, type DecisionFlags, decisionFrom } from './decision-flags.js';
import { CliError } from './failure.js';
import { programName } from './program-name.js';
import { shellWord } from './shell.js';
import { showText } from './show-text.js';
import { withRefunds } from './temporal.js';
import { isInteractive } from './terminal.js';

/** Decides about one refund: as the command line says, or by asking for what it does not say. */
export async function decideOne({
  args: [id, word],
  options,
  output,
  env,
}: Invocation<DecisionFlags & BulkFlags>): Promise<undefined> {
  refuseBulkFlags(options);
  if (id === undefined) throw new CliError('USAGE', 'name a refund, or decide about many with --all');
  const given = decisionFrom(word, options);
  if (output.format === 'text' && isInteractive() && !isComplete(given)) {
    const { decideByPrompt } = await import('./decide-prompt.js');
    const view = await withRefunds(env, (refunds) => decideByPrompt(refunds, id, given));
    output.result(view, () => `\n${showText(view)}`);
    return undefined;
  }
  const decision = completed(
    given,
    ` On a terminal \`${programName()} decide ${shellWord(id)}\` asks for all that is needed.`,
  );
  const view = await withRefunds(env, (refunds) => refunds.decide(id, decision));
  output.result(view, () => showText(view));
  return undefined;
}

function isComplete({ decision, by, reason, evidence }: Partial<Decision>): boolean {
  if (decision === undefined || by === undefined || reason === undefined) return false;
  return evidence !== undefined || !DECISIONS[decision].needsEvidence;
}
