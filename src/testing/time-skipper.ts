import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { startSkipping } from './skipping-starts.js';

type WorkflowService = Client['workflowService'];
type UpdateOptionsRequest = Parameters<WorkflowService['updateWorkflowExecutionOptions']>[0];
type TimeSkippingConfig = NonNullable<
  NonNullable<UpdateOptionsRequest['workflowExecutionOptions']>['timeSkippingConfig']
>;
type Duration = NonNullable<NonNullable<TimeSkippingConfig['fastForwardConfig']>['duration']>;
interface SecondsAndNanos {
  seconds?: unknown;
  nanos?: number | null;
}

const GRPC_NOT_FOUND = 5;
const GRPC_UNIMPLEMENTED = 12;
// temporal.api.enums.v1.FastForwardPollingResult
const FAST_FORWARD_COMPLETED = 2;
const FAST_FORWARD_FAILED = 3;
// Enough for the timer to fire while the skip still goes on.
const BEHIND_TIMER_MS = 1_000;
const LOOK_AGAIN_MS = 10;

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
    this.#support ??= this.#askForSupport();
    return this.#support;
  }

  /** Runs `start`; the workflows that it starts over the client's connection (also by signal or update with start) skip their waits from the beginning. */
  async skipOnStart<T>(start: () => Promise<T>): Promise<T> {
    // A server that doesn't know the field drops it, and the workflow would really wait for hours.
    await this.#demandSupport();
    return startSkipping(this.#service, start);
  }

  /** From now on the workflow skips its waits; harmless when it has ended already. The server stops this after 200 skips; another `resume` goes on. */
  async resume(workflowId: string): Promise<void> {
    try {
      await this.#configure(workflowId, { enabled: true });
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
      // A workflow that has just been started may have had nothing to wait for.
      const { closeTime } = (await this.#describe(workflowId)).workflowExecutionInfo ?? {};
      if (!closeTime) throw error;
    }
  }

  /** From now on the workflow waits in real time; resolves once nothing of it is in flight. Where in its waits that is nobody knows: see `fastForward`. */
  async pause(workflowId: string): Promise<void> {
    await this.#configure(workflowId, { enabled: false });
    await this.settled(workflowId);
  }

  /**
   * Moves the workflow's clock on by so many milliseconds, through all timers on the way, and stops there: then it waits in
   * real time, and nothing of it is in flight. With no timer at all (it waits for a message only) the clock moves too.
   * Choose a moment within a wait, not the end of one. Throws when the workflow ends on the way.
   */
  async fastForward(workflowId: string, milliseconds: number): Promise<void> {
    const id = `time-skipper-${process.pid}-${++this.#fastForwards}`;
    await this.#configure(workflowId, {
      enabled: true,
      fastForwardConfig: { id, duration: toDuration(milliseconds) },
    });
    await this.#fastForwarded(workflowId, id);
    await this.settled(workflowId);
  }

  /**
   * Moves the workflow's clock just behind the end of the first timer that it waits for, see `fastForward`. The workflow
   * may end there. Throws when there is no timer.
   */
  async pastNextTimer(workflowId: string): Promise<void> {
    await this.settled(workflowId);
    const ends = await this.#timerEnds(workflowId);
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

  /** Resolves once nothing of the workflow is in flight: no workflow task, and no activity but those that wait for their next attempt. */
  async settled(workflowId: string): Promise<void> {
    for (;;) {
      const { pendingWorkflowTask, pendingActivities } = await this.#describe(workflowId);
      const running = pendingActivities?.some((activity) => !activity.nextAttemptScheduleTime);
      if (!pendingWorkflowTask && !running) return;
      await delay(LOOK_AGAIN_MS);
    }
  }

  get #service(): WorkflowService {
    return this.#client.workflowService;
  }

  get #namespace(): string {
    return this.#client.options.namespace;
  }

  async #askForSupport(): Promise<boolean> {
    try {
      await this.#poll('time-skipper-asks-whether-time-can-be-skipped', 'none');
      return true;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === GRPC_UNIMPLEMENTED) return false;
      // There is no such workflow, and only a server that allows skipping has looked for it.
      if (isGrpcServiceError(error) && error.code === GRPC_NOT_FOUND) return true;
      this.#support = undefined;
      throw error;
    }
  }

  async #demandSupport(): Promise<void> {
    if (await this.isSupported()) return;
    throw new Error(
      `The Temporal server does not skip time in namespace ${this.#namespace}, so workflows would wait for hours. ` +
        'Use startTemporalServer({ timeSkipping: true }) without TEMPORAL_ADDRESS, or start the server, 1.32 or newer, ' +
        'with --dynamic-config-value frontend.WorkflowTimeSkippingEnabled=true ' +
        '--dynamic-config-value system.workflowTimeSkippingEnabled=true',
    );
  }

  async #configure(workflowId: string, timeSkippingConfig: TimeSkippingConfig): Promise<void> {
    await this.#demandSupport();
    await this.#service.updateWorkflowExecutionOptions({
      namespace: this.#namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }

  async #fastForwarded(workflowId: string, id: string): Promise<void> {
    for (;;) {
      const { fastForwardPollingResult: result, failedReason } = await this.#poll(workflowId, id);
      if (result === FAST_FORWARD_COMPLETED) return;
      if (result === FAST_FORWARD_FAILED)
        throw new Error(`${workflowId} was not fast-forwarded: ${failedReason}`);
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

  async #timerEnds(workflowId: string): Promise<number[]> {
    const { events } = await this.#client.workflow.getHandle(workflowId).fetchHistory();
    const ends = new Map<string, number>();
    for (const event of events ?? []) {
      const started = event.timerStartedEventAttributes;
      const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
      if (started?.timerId && event.eventTime)
        ends.set(
          started.timerId,
          toMilliseconds(event.eventTime) + toMilliseconds(started.startToFireTimeout ?? {}),
        );
      if (over?.timerId) ends.delete(over.timerId);
    }
    return [...ends.values()];
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

function toMilliseconds({ seconds, nanos }: SecondsAndNanos): number {
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1_000_000;
}
