import { DECISIONS, type DecisionName } from '../rules/decision.js';
import type { Decision } from '../rules/messages.js';
import { DECISION_NAMES } from './decisions-text.js';
import { CliError } from './failure.js';

/** What the flags say of a decision. */
export type DecisionFlags = Partial<Pick<Decision, 'by' | 'reason' | 'evidence'>>;

/** As much of a decision as the command line says. */
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
 * A decision that says who takes it, and why.
 * @throws CliError that tells what is missing
 */
export function completed({ decision, by, reason, evidence }: Partial<Decision>, hint = ''): Decision {
  if (decision === undefined)
    throw new CliError('USAGE', `say what you decide: ${DECISION_NAMES.join(', ')}.${hint}`);
  if (by === undefined) throw new CliError('USAGE', `say who decides, with --by NAME.${hint}`);
  if (reason === undefined) throw new CliError('USAGE', `say why you decide so, with --reason TEXT.${hint}`);
  return { decision, by, reason, ...(evidence !== undefined && { evidence }) };
}

function nameFrom(word: string): DecisionName {
  if (Object.hasOwn(DECISIONS, word)) return word as DecisionName;
  throw new CliError('USAGE', `"${word}" is no decision. Allowed choices are ${DECISION_NAMES.join(', ')}.`);
}
