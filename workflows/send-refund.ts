import type { Reported, SendAnswer } from '../rules/answer.js';
import { applyRefundBody, cashierRefundBody } from '../rules/bodies.js';
import { providerRequestId } from '../rules/state.js';
import { type SubmissionState, submissionAfterSending } from '../rules/submission.js';
import { once, recordAnswer, recordSubmission, unknownAfter } from './activity-calls.js';
import type { RefundRun } from './refund-run.js';

/** The answer to a sending, and what was certain about the submission before it. */
export interface Sent {
  answer: SendAnswer;
  before: SubmissionState;
}

/** Sends the refund: the identical body under the identical id at every repeat. */
export async function sendRefund(run: RefundRun): Promise<Sent> {
  const { state } = run;
  const { submission, resets } = state;
  const isRepeat = submission !== 'not-sent';
  // From here on the money may move, even if this worker stops.
  if (submission === 'not-sent' || submission === 'refused') state.submission = 'unknown';
  run.note(
    'sent',
    `sent ${operationOf(run)} under the id ${providerRequestId(state)}${isRepeat ? ' again' : ''}`,
  );
  run.inbox.beginCall();
  let answer: Reported<SendAnswer>;
  try {
    answer = await call(run, isRepeat ? 'send the identical refund again' : 'send the refund');
  } catch (error) {
    answer = unknownAfter(error);
  }
  // Sent more than once, or perhaps by the run before a reset: then this answer is the answer to a repeat.
  const sentTwice = (answer.attempt ?? 1) > 1;
  if (sentTwice)
    run.note(
      'sent',
      `may have been sent ${answer.attempt} times under the same id: Temporal ran the call again`,
    );
  const before = (sentTwice || state.resets > resets) && submission !== 'accepted' ? 'unknown' : submission;
  recordSubmission(run, before, submissionAfterSending(before, answer), answer);
  if (sentTwice) state.ambiguity = 'an earlier attempt of the refund request may have reached WorldFirst';
  if (answer.kind === 'idInUse' && before !== 'unknown' && before !== 'accepted') state.idInUse = true;
  // The advice for a refusal is meant for a first request; for a repeat it may lead to a second refund.
  const isAmbiguous = before === 'unknown' || before === 'accepted';
  recordAnswer(run, 'send', answer.kind === 'refused' && isAmbiguous ? { ...answer, advice: '' } : answer);
  return { answer, before };
}

function operationOf({ request }: RefundRun): string {
  return request.product === 'worldtrade' ? 'applyRefund' : 'refund';
}

function call({ state, request }: RefundRun, summary: string): Promise<Reported<SendAnswer>> {
  const id = providerRequestId(state);
  if (request.product === 'cashier') {
    const body = cashierRefundBody(id, request, new Date(state.startedAt));
    return once.refund.executeWithOptions({ summary }, [body]);
  }
  if (!state.order) throw new Error('a WorldTrade refund is sent only after its order is known');
  return once.applyRefund.executeWithOptions({ summary }, [applyRefundBody(id, request, state.order)]);
}
