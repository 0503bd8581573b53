import { DECISIONS, type DecisionName } from '../rules/decision.js';
import type { RefundView } from '../rules/view.js';
import { DecisionRefusedError } from './errors.js';

/** Why a decision does not apply to the refund that a view shows, or why none does; undefined where it applies. */
export function refusalFor(view: RefundView, decision?: DecisionName): DecisionRefusedError | undefined {
  const { refundRequestId, status, outcome, attention } = view;
  const decided = lastDecision(view);
  if (outcome) {
    const closed = 'by' in outcome && decided ? `: ${decided}` : '';
    return new DecisionRefusedError(refundRequestId, 'ENDED', `the refund has ended as ${status}${closed}`);
  }
  if (!attention) {
    return decided
      ? new DecisionRefusedError(refundRequestId, 'ALREADY_DECIDED', decided)
      : new DecisionRefusedError(
          refundRequestId,
          'NOT_WAITING',
          `the refund is ${status}, not waiting for a decision; escalate it first`,
        );
  }
  if (decision && !attention.decisions.includes(decision)) {
    const { otherwise } = DECISIONS[decision];
    return new DecisionRefusedError(
      refundRequestId,
      'DOES_NOT_APPLY',
      `${decision} does not apply: ${otherwise}`,
    );
  }
  return undefined;
}

/** Who decided what last, and when. */
function lastDecision({ timeline }: RefundView): string | undefined {
  const entry = timeline.findLast(({ event, text }) => event === 'decision' && text.startsWith('decided '));
  return entry && `${entry.by} ${entry.text}, at ${entry.at}`;
}
