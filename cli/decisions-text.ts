import { DECISIONS, type DecisionName } from '../rules/decision.js';
import { padded, wrapped } from './fit.js';
import { colors } from './output.js';

/** Every decision there is. */
export const DECISION_NAMES = Object.keys(DECISIONS) as DecisionName[];

const WIDEST = Math.max(...DECISION_NAMES.map((name) => name.length));

/** Decisions, each with what it does to the money. */
export function decisionsText(names: readonly DecisionName[], width = Number.POSITIVE_INFINITY): string {
  return names
    .map((name) => {
      const { effect, needsEvidence } = DECISIONS[name];
      const text = needsEvidence ? `${effect} Needs evidence.` : effect;
      return `  ${colors.bold(padded(name, WIDEST))}  ${wrapped(text, width, WIDEST + 4)}`;
    })
    .join('\n');
}
