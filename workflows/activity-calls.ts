import {
  ActivityFailure,
  ApplicationFailure,
  getRandomStream,
  metricMeter,
  proxyActivities,
  proxyLocalActivities,
  rootCause,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import type { ResultInfo, Unknown } from '../rules/answer.js';
import { type AnyAnswer, CALL_NAMES, sentenceOfAnswer } from '../rules/answer-labels.js';
import { learnIds } from '../rules/changes.js';
import { count } from '../rules/metrics.js';
import { backoff, HOUR, SECOND, withJitter } from '../rules/schedule.js';
import type { AnswerStep } from '../rules/state.js';
import type { SubmissionState } from '../rules/submission.js';
import { now } from './clock.js';
import type { RefundRun } from './refund-run.js';

// Longer than any call to WorldFirst may take; after it the worker counts as dead.
const startToCloseTimeout = '1 minute';

/**
 * Calls that are due immediately run as local activities, in the workflow task itself: that is two tasks and five events
 * less. Messages are not read meanwhile, so the time is short. A call without an answer in that time is made again by a
 * regular activity, which Temporal retries and shows.
 */
export const local = proxyLocalActivities<RefundActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});

/** Nothing was sent yet, so the order is queried until there is an answer, or a day is over. */
export const untilAnswered = proxyActivities<RefundActivities>({
  startToCloseTimeout,
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** A sending has one attempt: only the workflow knows whether a request may be repeated. */
export const once = proxyActivities<RefundActivities>({ startToCloseTimeout, retry: { maximumAttempts: 1 } });

/** The activity fails only where no connection was made, so a retry is not another inquiry. */
export const aFewTimes = proxyActivities<RefundActivities>({
  startToCloseTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 4 },
});

/** Runs a local activity; where it gives no answer, for any reason, a regular one. */
export function viaLocalActivity<Answer>(
  run: RefundRun,
  localActivity: () => Promise<Answer>,
  activity: () => Promise<Answer>,
): Promise<Answer> {
  if (run.localActivitiesDisabled) return activity();
  return localActivity().catch((error) => {
    // Anything else is a mistake of the worker's, such as an activity that it does not have.
    if (!(error instanceof TemporalFailure)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    // A slow WorldFirst does not get every call twice.
    run.localActivitiesDisabled =
      cause instanceof TimeoutFailure ||
      (cause instanceof ApplicationFailure && cause.type === 'LocalActivitiesDisabled');
    return activity();
  });
}

/** The wait before a call is made again that met WorldFirst's rate limit; undefined once it is time to give up. */
export function throttledWait(retries: number, giveUpAfter: number): number | undefined {
  const pause = backoff(retries, { first: 30 * SECOND, longest: 1 * HOUR, giveUpAfter });
  // Interceptors such as OpenTelemetry's draw from Math.random, also where a replay does not: in queries and validators.
  return pause && withJitter(pause, getRandomStream('worldfirst-refunds').random());
}

/** What the failure of an activity says about a call: nothing. */
export function unknownAfter(error: unknown): Unknown {
  if (!(error instanceof ActivityFailure)) throw error;
  return { kind: 'unknown', reason: reasonOf(error) };
}

/** The failure of an activity in a few words. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && !cause.cause)
    return 'the worker that made the call did not report back';
  return rootCause(error) ?? String(error);
}

/** Sets the submission, and keeps what made it unknown for the operator who decides later. */
export function recordSubmission(
  { state }: RefundRun,
  before: SubmissionState,
  after: SubmissionState,
  answer: AnyAnswer,
): void {
  state.submission = after;
  if (after === 'unknown' && before !== 'unknown') state.ambiguity = sentenceOfAnswer(answer);
}

/**
 * Writes an answer into the state and the timeline.
 * @param id the request id that was asked about, where it is not the one in use
 */
export function recordAnswer(run: RefundRun, step: AnswerStep, answer: AnyAnswer, id?: string): void {
  const { code, message, advice } = answer as ResultInfo;
  const said = message ?? ('reason' in answer ? answer.reason : undefined);
  if (step === 'inquire')
    count(metricMeter, 'inquiries', { product: run.request.product, result: answer.kind });
  run.state.lastAnswer = {
    step,
    kind: answer.kind,
    ...(code !== undefined && { code }),
    ...(said !== undefined && { message: said }),
    ...(advice && { advice }),
    at: now(),
  };
  run.mayNotify = !('noNotifier' in answer);
  if ('ids' in answer) learnIds(run.state, answer.ids);
  run.note('answer', `${CALL_NAMES[step]}${id ? ` of ${id}` : ''}: ${sentenceOfAnswer(answer)}`);
}
