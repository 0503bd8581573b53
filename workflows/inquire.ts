import type { InquiryAnswer, Throttled } from '../rules/answer.js';
import { providerRequestIdOf } from '../rules/ids.js';
import { inquiryOf } from '../rules/inquiry.js';
import type { Inquiry } from '../rules/integrity.js';
import { HOUR } from '../rules/schedule.js';
import { submissionAfterInquiry } from '../rules/submission.js';
import {
  aFewTimes,
  local,
  recordAnswer,
  recordSubmission,
  throttledWait,
  unknownAfter,
  viaLocalActivity,
} from './activity-calls.js';
import { readEarlierRuns } from './read-earlier-runs.js';
import type { RefundRun } from './refund-run.js';
import { wait } from './waiting.js';

/** How an inquiry is made. */
export interface InquireOptions {
  /** It is due immediately, without a wait before it. */
  isDueNow?: boolean;
  /** It comes before the planned inquiries, and is not counted as one of them. */
  isExtra?: boolean;
}

type Answered = Exclude<InquiryAnswer, Throttled>;

/** Inquires the result of the refund; undefined where the refund was halted before an answer arrived. */
export async function inquire(
  run: RefundRun,
  { isDueNow = false, isExtra = false }: InquireOptions = {},
): Promise<Answered | undefined> {
  const { state } = run;
  if (state.earlierRunsUnread && !(await readEarlierRuns(run))) return undefined;
  if (state.nextIdUnknown) {
    const next = await inquireNextId(run);
    if (next.answer && !isExtra) state.inquiries.done += 1;
    if (next.isOver) return next.answer;
  }
  const number = state.inquiries.done + 1;
  const summary = isExtra
    ? 'inquiry before anything is sent'
    : `inquiry ${number} of ${state.inquiries.allowed}`;
  const answer = await askUntilAnswered(run, state.generation, summary, isDueNow);
  if (!answer) return undefined;
  if (!isExtra) state.inquiries.done = number;
  if (answer.kind !== 'unknown') delete state.inquireFirst;
  recordSubmission(run, state.submission, submissionAfterInquiry(state.submission, answer), answer);
  recordAnswer(run, 'inquire', answer);
  return answer;
}

/**
 * A refund that another system may have sent: if WorldFirst knows the id that would follow (refund-1-2 after refund-1), it may
 * be this refund under a new id, and an operator decides.
 * @returns whether the inquiry is over without an answer about it, and the answer that said nothing, if there was one
 */
async function inquireNextId(run: RefundRun): Promise<{ isOver: boolean; answer?: Answered }> {
  const { state } = run;
  const next = state.generation + 1;
  const id = providerRequestIdOf(state.request.refundRequestId, next);
  const answer = await askUntilAnswered(run, next, `inquiry of ${id}, before anything is sent`, false);
  if (!answer) return { isOver: true };
  recordAnswer(run, 'inquire', answer, id);
  if (answer.kind === 'unknown' || answer.kind === 'refused') return { isOver: true, answer };
  delete state.nextIdUnknown;
  if (answer.kind === 'notFound') return { isOver: false };
  run.requireAttention('id-used-before', {
    detail: `WorldFirst also knows the id ${id}: it may be this refund under a new id.`,
  });
  return { isOver: true };
}

/** Asks WorldFirst, again while it limits the rate; undefined where the refund was halted meanwhile. */
async function askUntilAnswered(
  run: RefundRun,
  generation: number,
  summary: string,
  isDueNow: boolean,
): Promise<Answered | undefined> {
  const { state } = run;
  const isInUse = generation === state.generation;
  const question = inquiryOf(
    state.request,
    providerRequestIdOf(state.request.refundRequestId, generation),
    state.order,
    isInUse ? state.ids.refundId : undefined,
  );
  let answer: InquiryAnswer;
  for (;;) {
    if (state.throttledInquiries > 0) {
      await wait(run, throttledWait(state.throttledInquiries, HOUR) ?? 0, summary);
      if (run.isHalted) return undefined;
    }
    answer = await inquireNow(run, question, summary, isDueNow && state.throttledInquiries === 0);
    if (answer.kind !== 'throttled') break;
    state.throttledInquiries += 1;
    if (throttledWait(state.throttledInquiries, HOUR) === undefined) break;
    // WorldFirst did not answer it, so it is not one of the inquiries that are allowed.
    recordAnswer(run, 'inquire', answer);
  }
  state.throttledInquiries = 0;
  return answer.kind === 'throttled' ? { ...answer, kind: 'unknown' as const } : answer;
}

function inquireNow(
  run: RefundRun,
  question: Inquiry,
  summary: string,
  isDueNow: boolean,
): Promise<InquiryAnswer> {
  run.inbox.beginCall();
  const activity = () =>
    aFewTimes.inquireRefund.executeWithOptions({ summary }, [question]).catch(unknownAfter);
  // A caller that waits for the first answer gets it only when the workflow task is done.
  if (!isDueNow || run.inbox.isFirstAnswerAwaited) return activity();
  return viaLocalActivity(
    run,
    () => local.inquireRefund.executeWithOptions({ summary }, [question]),
    activity,
  );
}
