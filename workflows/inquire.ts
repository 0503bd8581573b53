import type { InquiryAnswer, Throttled } from '../rules/answer.js';
import { inquiryOf } from '../rules/inquiry.js';
import type { Inquiry } from '../rules/integrity.js';
import { HOUR } from '../rules/schedule.js';
import { providerRequestId } from '../rules/state.js';
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
import type { RefundRun } from './refund-run.js';
import { wait } from './waiting.js';

/** How an inquiry is made. */
export interface InquireOptions {
  /** It is due immediately, without a wait before it. */
  isDueNow?: boolean;
  /** It comes before the planned inquiries, and is not counted as one of them. */
  isExtra?: boolean;
}

/** Inquires the result of the refund; undefined where the refund was halted before an answer arrived. */
export async function inquire(
  run: RefundRun,
  { isDueNow = false, isExtra = false }: InquireOptions = {},
): Promise<Exclude<InquiryAnswer, Throttled> | undefined> {
  const { state } = run;
  const number = state.inquiries.done + 1;
  const summary = isExtra
    ? 'inquiry before anything is sent'
    : `inquiry ${number} of ${state.inquiries.allowed}`;
  const question = inquiryOf(state.request, providerRequestId(state), state.order, state.ids.refundId);
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
  const known = answer.kind === 'throttled' ? { ...answer, kind: 'unknown' as const } : answer;
  if (!isExtra) state.inquiries.done = number;
  if (known.kind !== 'unknown') delete state.inquireFirst;
  recordSubmission(run, state.submission, submissionAfterInquiry(state.submission, known), known);
  recordAnswer(run, 'inquire', known);
  return known;
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
