import type { Mismatch, Refused } from '../rules/answer.js';
import { sentenceOfAnswer } from '../rules/answer-labels.js';
import type { Step } from '../rules/state.js';
import type { SubmissionState } from '../rules/submission.js';
import { inquire } from './inquire.js';
import type { RefundRun } from './refund-run.js';

/** WorldFirst knows the result. Where the id has another request, it is the result of that one: an operator decides. */
export function concluded(
  run: RefundRun,
  answer: { kind: 'settled' | 'declined'; refundStatus: string },
): Step {
  const { refundStatus } = answer;
  if (run.state.idInUse)
    return run.requireAttention('id-used-before', {
      detail: `WorldFirst reports the request under this id as ${refundStatus}.`,
    });
  if (answer.kind === 'settled') return run.succeed('inquiry');
  return run.fail({
    code: refundStatus,
    message: `WorldFirst reports the refund as ${refundStatus}`,
    advice:
      'WorldFirst reports that no money was returned. Ask WorldFirst for the reason before another refund is started.',
  });
}

/**
 * A refusal. A definite one is the end, or an operator's decision, as the page's further action for the code says. The refusal
 * of a repeat ends nothing.
 * @param before what was certain about the submission before the call that was refused
 */
export function refused(run: RefundRun, answer: Refused, before: SubmissionState = 'not-sent'): Step {
  const { code, message, advice, help } = answer;
  if (help !== 'configuration' && mayHaveMoved(before)) return repeatRefused(run, answer);
  if (help === 'final') return run.fail({ code, message, advice });
  return run.requireAttention(help === 'configuration' ? 'configuration' : 'refused-needs-person', {
    detail: `WorldFirst answered ${code}: ${message}`,
    furtherAction: advice,
  });
}

/**
 * The first request may have been carried out. The page's advice for the code is left out: it is meant for a first request,
 * and may lead to a second refund.
 */
function repeatRefused(run: RefundRun, { code, message }: { code: string; message?: string }): Step {
  const { submission, ambiguity } = run.state;
  return run.requireAttention('refused-after-unknown', {
    detail: `First: ${submission === 'accepted' ? 'WorldFirst accepted the refund' : ambiguity}. Then ${code}: ${message}`,
  });
}

/**
 * WorldFirst has another request under this id. One inquiry shows its result to the operator who decides.
 * @param before what was certain about the submission before the call that was refused
 */
export async function idUsedBefore(
  run: RefundRun,
  refusal: { code: string; message?: string },
  before: SubmissionState,
): Promise<Step> {
  if (mayHaveMoved(before)) return repeatRefused(run, refusal);
  const answer = await inquire(run, { isExtra: true });
  if (!answer) return run.haltedStep;
  const { code, message } = refusal;
  // WorldFirst ends some messages with a full stop.
  const said = (message ? `${code}: ${message}` : code).replace(/\.$/, '');
  return run.requireAttention('id-used-before', {
    detail: `WorldFirst answered ${said}. Inquired under this id: ${sentenceOfAnswer(answer)}.`,
  });
}

function mayHaveMoved(submission: SubmissionState): boolean {
  return submission === 'unknown' || submission === 'accepted';
}

/** An answer that does not match the request is never counted as a success. */
export function mismatched(run: RefundRun, { differences, advice }: Mismatch): Step {
  return run.requireAttention('answer-does-not-match', {
    detail: differences.join(' '),
    furtherAction: advice,
  });
}
