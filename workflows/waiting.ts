import { allHandlersFinished, condition } from '@temporalio/workflow';
import { meaningOf } from '../rules/answer-labels.js';
import { DAY, formatInterval } from '../rules/schedule.js';
import type { Step } from '../rules/state.js';
import { continueAsNewWithState } from './continue-as-new.js';
import type { RefundRun } from './refund-run.js';

/**
 * Waits until the time is over or the automatic work has to stop. Everything that can end a wait ends it here: the durable
 * timer, check-now, a notification, an escalation, a cancellation, a reset. Check `run.isHalted` afterwards.
 * @param what names in one line the step that follows; it is the timer's summary in the Web UI
 */
export async function wait(run: RefundRun, milliseconds: number, what: string): Promise<void> {
  const { state, inbox } = run;
  const verified = inbox.applyPendingInterruptions();
  if (verified) await verified;
  if (run.isHalted || milliseconds === 0) return;
  const { resets } = state;
  const left = leftOfWait(run) ?? milliseconds;
  const summary = `${what} in ${formatInterval(left)}: ${reasonOf(run)}`;
  if (!state.next) {
    inbox.forgetCheckRequest();
    state.next = { at: new Date(Date.now() + milliseconds).toISOString(), what };
    run.note('wait', summary);
  }
  run.publish();
  await rest(
    run,
    (isOver) => condition(isOver, left, { summary: summary.slice(0, 190) }),
    () => inbox.isCheckRequested || run.isHalted || (state.resets > resets && state.inquireFirst === true),
  );
  delete state.next;
  run.mayNotify = true;
}

/** The rest of a wait that began in an earlier run of the workflow. */
function leftOfWait({ state: { next } }: RefundRun): number | undefined {
  return next && Math.max(1, Date.parse(next.at) - Date.now());
}

function reasonOf({ state: { lastAnswer } }: RefundRun): string {
  return lastAnswer ? meaningOf(lastAnswer.kind) : 'by an operator’s decision';
}

/**
 * Waits until an operator has decided, and returns the step that follows. No time-out ends this: the timer is there only
 * for the Web UI, whose timeline shows timers that run, and not that a workflow waits for a message.
 */
export async function waitForDecision(run: RefundRun): Promise<Step> {
  const { state, inbox } = run;
  let shown: typeof state.attention;
  while (!inbox.isDecided && !state.outcome) {
    run.publish();
    const { attention } = state;
    // Once its time is over it is not started again: a clock that skips time would never stop.
    const isShown = attention === shown;
    shown = attention;
    await rest(
      run,
      (isOver) =>
        isShown
          ? condition(isOver)
          : condition(isOver, SHOWN_FOR, { summary: `WAITS FOR AN OPERATOR: ${attention?.key}` }),
      // Another reason can take the place of this one.
      () => state.attention !== attention,
    );
  }
  return inbox.takeNextStep() ?? 'done';
}

const SHOWN_FOR = 365 * DAY;

/** Waits while no call is under way, so that the refund can continue as new once its history has become long. */
async function rest(
  run: RefundRun,
  waitUntil: (isOver: () => boolean) => Promise<unknown>,
  isOver: () => boolean,
): Promise<void> {
  let isLong = false;
  await waitUntil(() => {
    isLong ||= run.history.isLong;
    return isOver() || isLong;
  });
  if (isOver() || !isLong) return;
  // Messages that arrived in the same workflow task come first.
  await condition(allHandlersFinished);
  if (!isOver()) await continueAsNewWithState(run.state, run.options);
}

/**
 * Waits for the next inquiry. One that met WorldFirst's rate limit has had this wait.
 * @returns nothing where there is nothing to wait for
 */
export function waitForInquiry(run: RefundRun, interval: number, inquiry: string): Promise<void> | undefined {
  if (run.state.throttledInquiries > 0) return undefined;
  return interval === 0 ? run.inbox.applyPendingInterruptions() : wait(run, interval, inquiry);
}
