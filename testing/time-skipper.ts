import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { MOST_SKIPS, startSkipping } from './skipping-starts.js';
import { Standstill } from './stuck-workflow.js';
import { skipsTime, whyNot } from './time-skipping-support.js';
import { endsOfTimers, toMilliseconds } from './timers.js';

type WorkflowService = Client['workflowService'];
type UpdateOptionsRequest = Parameters<WorkflowService['updateWorkflowExecutionOptions']>[0];
type TimeSkippingConfig = NonNullable<
  NonNullable<UpdateOptionsRequest['workflowExecutionOptions']>['timeSkippingConfig']
>;
type Duration = NonNullable<NonNullable<TimeSkippingConfig['fastForwardConfig']>['duration']>;

const GRPC_NOT_FOUND = 5;
// temporal.api.enums.v1.FastForwardPollingResult
const FAST_FORWARD_COMPLETED = 2;
const FAST_FORWARD_FAILED = 3;
// Enough for the timer to fire while the skip still goes on.
const BEHIND_TIMER_MS = 1_000;
const LOOK_AGAIN_MS = 10;
const LOOK_FOR_STANDSTILL_MS = 1_000;
// The server's own limit: what a duration of protobuf holds.
const LONGEST_MS = 315_576_000_000_000;

/**
 * Makes workflows on a real server wait in no time. Every workflow has a clock of its own, which jumps to its next timer
 * (or activity retry) as soon as nothing of it is in flight. The server must allow it, as that of
 * `startTemporalServer({ timeSkipping: true })` does; where it does not, every method throws.
 *
 * A message *during* a wait: start the workflow as usual, in real time, and move its clock by hand.
 *
 * @example
 * const skipper = new TimeSkipper(client);
 * const { workflowId } = await client.workflow.start(refund, …);
 * await skipper.fastForward(workflowId, 36 * 60_000); // 5 + 10 + 20 minutes are over, it is in the fourth wait and stays there
 * await client.workflow.getHandle(workflowId).signal(escalate, …);
 * await skipper.resume(workflowId); // the rest in no time
 */
export class TimeSkipper {
  readonly #client: Client;
  #support: Promise<boolean> | undefined;
  #fastForwards = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether the server allows skipping time in the client's namespace. */
  isSupported(): Promise<boolean> {
    this.#support ??= skipsTime(this.#client).catch((error) => {
      this.#support = undefined;
      throw error;
    });
    return this.#support;
  }

  /** Runs `start`; the workflows that it starts over the client's connection (also by signal or update with start) skip their waits from the beginning. */
  async skipOnStart<T>(start: () => Promise<T>): Promise<T> {
    // A server that doesn't know the field drops it, and the workflow would really wait for hours.
    await this.#demandSupport();
    return startSkipping(this.#service, start);
  }

  /** From now on the workflow and its children skip their waits; harmless when it has ended already. */
  async resume(workflowId: string): Promise<void> {
    await this.#configureFamily(workflowId, { enabled: true });
  }

  /**
   * From now on the workflow and its children wait in real time; resolves once nothing of them is in flight. Where in its
   * waits that is nobody knows: see `fastForward`. Harmless when it has ended already.
   */
  async pause(workflowId: string): Promise<void> {
    await this.#configureFamily(workflowId, { enabled: false });
    await this.settled(workflowId);
  }

  /**
   * Moves the workflow's clock on by so many milliseconds, through all timers on the way, and stops there: then it waits in
   * real time, and nothing of it is in flight. With no timer at all (it waits for a message only) the clock moves too.
   * Choose a moment within a wait, not the end of one. Throws when the workflow ends on the way or stands still, and while
   * it waits for a child, whose clock is its own.
   */
  async fastForward(workflowId: string, milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0 && milliseconds <= LONGEST_MS))
      throw new RangeError(`A clock moves by 0 to ${LONGEST_MS} milliseconds, not by ${milliseconds}`);
    await this.#refuseChildren(workflowId);
    const id = `time-skipper-${process.pid}-${++this.#fastForwards}`;
    await this.#configure(workflowId, {
      enabled: true,
      fastForwardConfig: { id, duration: toDuration(milliseconds) },
    });
    await this.#fastForwarded(workflowId, id);
    await this.settled(workflowId);
  }

  /** Moves the workflow's clock on to a point in time, see `fastForward`. Throws when that is over. */
  async until(workflowId: string, time: Date): Promise<void> {
    const now = await this.virtualNow(workflowId);
    const distance = time.getTime() - now.getTime();
    if (!(distance >= 0)) {
      throw new RangeError(
        `${workflowId} cannot go back: its clock says ${now.toISOString()}, and ${Number.isNaN(distance) ? 'the time asked for is none' : `${time.toISOString()} is over`}`,
      );
    }
    await this.fastForward(workflowId, distance);
  }

  /**
   * Moves the workflow's clock just behind the end of the first timer that it waits for, see `fastForward`. The workflow
   * may end there. Throws when there is no timer.
   */
  async pastNextTimer(workflowId: string): Promise<void> {
    await this.settled(workflowId);
    const { events } = await this.#client.workflow.getHandle(workflowId).fetchHistory();
    const ends = endsOfTimers(events ?? []);
    if (ends.length === 0) throw new Error(`${workflowId} waits for no timer`);
    const now = await this.virtualNow(workflowId);
    const distance = Math.max(0, Math.min(...ends) - now.getTime()) + BEHIND_TIMER_MS;
    await this.fastForward(workflowId, distance).catch(async (error) => {
      if (await this.#isRunning(workflowId)) throw error;
    });
  }

  /** What the workflow's clock says; the real time as long as it has never skipped. */
  async virtualNow(workflowId: string): Promise<Date> {
    const { workflowExtendedInfo } = await this.#describe(workflowId);
    const now = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
    return now ? new Date(toMilliseconds(now)) : new Date();
  }

  /**
   * Resolves once nothing of the workflow and of its children is in flight: no workflow task, and no activity but those
   * that wait for their next attempt. It waits for timers and messages only, or has ended. Throws when one of them stands
   * still: its code throws, does not replay, or no worker takes its task.
   */
  async settled(workflowId: string): Promise<void> {
    const standstill = new Standstill(this.#client);
    while (await this.#isBusy(workflowId, standstill)) await delay(LOOK_AGAIN_MS);
  }

  async #isBusy(workflowId: string, standstill: Standstill): Promise<boolean> {
    const { pendingWorkflowTask, pendingActivities, pendingChildren } = await this.#describe(workflowId);
    if (pendingWorkflowTask) {
      await standstill.refuse(workflowId, pendingWorkflowTask);
      return true;
    }
    if (pendingActivities?.some((activity) => !activity.nextAttemptScheduleTime)) return true;
    if (pendingChildren?.some(({ runId }) => !runId)) return true;
    const children = (pendingChildren ?? []).map((child) => this.#isBusy(child.workflowId ?? '', standstill));
    return (await Promise.all(children)).includes(true);
  }

  /** The children under way, once they have all begun. */
  async #children(workflowId: string): Promise<string[]> {
    for (;;) {
      const { pendingChildren } = await this.#describe(workflowId);
      const children = pendingChildren ?? [];
      if (children.every(({ runId }) => runId)) return children.map((child) => child.workflowId ?? '');
      await delay(LOOK_AGAIN_MS);
    }
  }

  /** The server would wait for them in real time. */
  async #refuseChildren(workflowId: string): Promise<void> {
    const [child] = await this.#children(workflowId);
    if (child === undefined) return;
    throw new Error(
      `${workflowId} waits for its child ${child}, and a clock stands still while a child is under way. Move the clock of ` +
        'the child, or let both skip to their ends with resume.',
    );
  }

  get #service(): WorkflowService {
    return this.#client.workflowService;
  }

  get #namespace(): string {
    return this.#client.options.namespace;
  }

  async #demandSupport(): Promise<void> {
    if (!(await this.isSupported())) throw new Error(await whyNot(this.#client));
  }

  async #configureFamily(workflowId: string, config: TimeSkippingConfig): Promise<void> {
    try {
      await this.#configure(workflowId, config);
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
      // A workflow that has just been started may have had nothing to wait for.
      const { closeTime } = (await this.#describe(workflowId)).workflowExecutionInfo ?? {};
      if (!closeTime) throw error;
      return;
    }
    const children = await this.#children(workflowId);
    await Promise.all(children.map((child) => this.#configureFamily(child, config)));
  }

  async #configure(workflowId: string, timeSkippingConfig: TimeSkippingConfig): Promise<void> {
    await this.#demandSupport();
    await this.#service.updateWorkflowExecutionOptions({
      namespace: this.#namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: {
        timeSkippingConfig: { ...timeSkippingConfig, maxSessionSkipCount: MOST_SKIPS },
      },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }

  async #fastForwarded(workflowId: string, id: string): Promise<void> {
    const over = new AbortController();
    try {
      // A call that is left under way is tried again when the server ends; on a closed connection that ends the process.
      await this.#client.withAbortSignal(over.signal, () =>
        Promise.race([
          this.#pollAll(workflowId, id, over.signal),
          this.#standsStill(workflowId, over.signal),
        ]),
      );
    } finally {
      over.abort();
    }
  }

  async #pollAll(workflowId: string, id: string, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const { fastForwardPollingResult: result, failedReason } = await this.#poll(workflowId, id);
      if (result === FAST_FORWARD_COMPLETED) return;
      if (result === FAST_FORWARD_FAILED)
        throw new Error(`${workflowId} was not fast-forwarded: ${failedReason}`);
    }
  }

  /** Never resolves until it is over; rejects when the workflow stands still. */
  async #standsStill(workflowId: string, over: AbortSignal): Promise<void> {
    const standstill = new Standstill(this.#client);
    while (!over.aborted) {
      const { pendingWorkflowTask } = await this.#describe(workflowId);
      if (pendingWorkflowTask) await standstill.refuse(workflowId, pendingWorkflowTask);
      await delay(LOOK_FOR_STANDSTILL_MS);
    }
  }

  #poll(workflowId: string, fastForwardId: string) {
    const workflowExecution = { workflowId };
    return this.#service.pollWorkflowExecutionTimeSkipping({
      namespace: this.#namespace,
      workflowExecution,
      fastForwardId,
    });
  }

  #describe(workflowId: string) {
    return this.#service.describeWorkflowExecution({ namespace: this.#namespace, execution: { workflowId } });
  }

  async #isRunning(workflowId: string): Promise<boolean> {
    const { status } = await this.#client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  }
}

function toDuration(milliseconds: number): Duration {
  const seconds = Math.floor(milliseconds / 1000);
  // The declared Long has no public constructor here; a number is encoded just the same.
  return {
    seconds: seconds as unknown as Duration['seconds'],
    nanos: (milliseconds - seconds * 1000) * 1_000_000,
  };
}
