import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { MAX_SKIPS, startSkipping } from './skipping-starts.js';
import { StuckWorkflowDetector } from './stuck-workflow-detector.js';
import { canSkipTime, explainNoSkipping } from './time-skipping-support.js';
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
// The timer fires while the fast-forward is still running.
const BEHIND_TIMER_MS = 1_000;
const POLL_INTERVAL_MS = 10;
const STUCK_CHECK_INTERVAL_MS = 1_000;
// The limit of a protobuf duration.
const MAX_DURATION_MS = 315_576_000_000_000;

/**
 * Skips the waits of workflows on a real server. Every workflow has its own clock. The clock jumps to the workflow's next
 * timer or activity retry as soon as no task or activity of the workflow is in flight. The server must support it, like the
 * server of `startTemporalServer({ timeSkipping: true })`. Otherwise every method throws.
 *
 * To send a message *during* a wait, start the workflow as usual in real time, and move its clock with `fastForward`.
 *
 * @example
 * const skipper = new TimeSkipper(client);
 * const { workflowId } = await client.workflow.start(refund, …);
 * await skipper.fastForward(workflowId, 36 * 60_000); // after 5 + 10 + 20 minutes it is in its fourth wait, and stays there
 * await client.workflow.getHandle(workflowId).signal(escalate, …);
 * await skipper.resume(workflowId); // skips the remaining waits
 */
export class TimeSkipper {
  readonly #client: Client;
  #support: Promise<boolean> | undefined;
  #fastForwards = 0;

  /** @param client a client of the namespace in which the workflows are */
  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether the server supports time skipping in the client's namespace. */
  isSupported(): Promise<boolean> {
    this.#support ??= canSkipTime(this.#client).catch((error) => {
      this.#support = undefined;
      throw error;
    });
    return this.#support;
  }

  /**
   * Runs `start`. The workflows that it starts over the client's connection, also with signal-with-start or
   * update-with-start, skip their waits from the beginning.
   * @param start starts workflows
   */
  async skipOnStart<T>(start: () => Promise<T>): Promise<T> {
    // A server that does not know the field ignores it, and the workflow would wait in real time.
    await this.#requireSupport();
    return startSkipping(this.#service, start);
  }

  /**
   * From now on the workflow and its children skip their waits. It does nothing for a workflow that has ended.
   * @param workflowId the id of a workflow; its latest run is meant
   */
  async resume(workflowId: string): Promise<void> {
    await this.#configureFamily(workflowId, { enabled: true });
  }

  /**
   * From now on the workflow and its children wait in real time. Resolves once they are idle. The place in the waits is not
   * defined; `fastForward` stops at a defined place. It does nothing for a workflow that has ended.
   * @param workflowId the id of a workflow; its latest run is meant
   */
  async pause(workflowId: string): Promise<void> {
    await this.#configureFamily(workflowId, { enabled: false });
    await this.settled(workflowId);
  }

  /**
   * Moves the workflow's clock forward through all timers on the way. Then the workflow is idle and waits in real time. The
   * clock also moves when the workflow has no timer and waits for a message only. Choose a time within a wait, not the end of
   * a wait.
   * @param workflowId the id of a workflow; its latest run is meant
   * @param milliseconds how far the clock moves
   * @throws when the workflow ends on the way, is stuck, or waits for a child (a child has its own clock)
   */
  async fastForward(workflowId: string, milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0 && milliseconds <= MAX_DURATION_MS))
      throw new RangeError(
        `A clock can move by 0 to ${MAX_DURATION_MS} milliseconds, not by ${milliseconds}`,
      );
    await this.#requireNoChildren(workflowId);
    const id = `time-skipper-${process.pid}-${++this.#fastForwards}`;
    await this.#configure(workflowId, {
      enabled: true,
      fastForwardConfig: { id, duration: toDuration(milliseconds) },
    });
    await this.#untilFastForwarded(workflowId, id);
    await this.settled(workflowId);
  }

  /**
   * Moves the workflow's clock forward to a point in time, like `fastForward`.
   * @param workflowId the id of a workflow; its latest run is meant
   * @param time a time of the workflow's clock
   * @throws when that time is in the past of the workflow's clock
   */
  async until(workflowId: string, time: Date): Promise<void> {
    const now = await this.virtualNow(workflowId);
    const distance = time.getTime() - now.getTime();
    if (!(distance >= 0)) {
      throw new RangeError(
        `${workflowId} cannot move to ${Number.isNaN(distance) ? 'an invalid date' : `${time.toISOString()}, which is in the past`}: its clock shows ${now.toISOString()}`,
      );
    }
    await this.fastForward(workflowId, distance);
  }

  /**
   * Moves the workflow's clock to just after its next timer, like `fastForward`. The workflow may end there.
   * @param workflowId the id of a workflow; its latest run is meant
   * @throws when the workflow has no timer
   */
  async pastNextTimer(workflowId: string): Promise<void> {
    await this.settled(workflowId);
    const { events } = await this.#client.workflow.getHandle(workflowId).fetchHistory();
    const ends = endsOfTimers(events ?? []);
    if (ends.length === 0) throw new Error(`${workflowId} has no timer`);
    const now = await this.virtualNow(workflowId);
    const distance = Math.max(0, Math.min(...ends) - now.getTime()) + BEHIND_TIMER_MS;
    await this.fastForward(workflowId, distance).catch(async (error) => {
      if (await this.#isRunning(workflowId)) throw error;
    });
  }

  /**
   * The time of the workflow's clock. It is the real time until the workflow skips for the first time.
   * @param workflowId the id of a workflow; its latest run is meant
   */
  async virtualNow(workflowId: string): Promise<Date> {
    const { workflowExtendedInfo } = await this.#describe(workflowId);
    const now = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
    return now ? new Date(toMilliseconds(now)) : new Date();
  }

  /**
   * Resolves once the workflow and its children are idle: no workflow task is pending, and no activity is running (an
   * activity may wait for its next attempt). They wait for timers and messages only, or have ended.
   * @param workflowId the id of a workflow; its latest run is meant
   * @throws when one of them is stuck: its code throws or does not replay, or no worker takes its task
   */
  async settled(workflowId: string): Promise<void> {
    const detector = new StuckWorkflowDetector(this.#client);
    while (await this.#isBusy(workflowId, detector)) await delay(POLL_INTERVAL_MS);
  }

  async #isBusy(workflowId: string, detector: StuckWorkflowDetector): Promise<boolean> {
    const { pendingWorkflowTask, pendingActivities, pendingChildren } = await this.#describe(workflowId);
    if (pendingWorkflowTask) {
      await detector.throwIfStuck(workflowId, pendingWorkflowTask);
      return true;
    }
    if (pendingActivities?.some((activity) => !activity.nextAttemptScheduleTime)) return true;
    if (pendingChildren?.some(({ runId }) => !runId)) return true;
    const children = (pendingChildren ?? []).map((child) => this.#isBusy(child.workflowId ?? '', detector));
    return (await Promise.all(children)).includes(true);
  }

  /** The running children, once all of them have started. */
  async #children(workflowId: string): Promise<string[]> {
    for (;;) {
      const { pendingChildren } = await this.#describe(workflowId);
      const children = pendingChildren ?? [];
      if (children.every(({ runId }) => runId)) return children.map((child) => child.workflowId ?? '');
      await delay(POLL_INTERVAL_MS);
    }
  }

  /** The server would wait for the children in real time. */
  async #requireNoChildren(workflowId: string): Promise<void> {
    const [child] = await this.#children(workflowId);
    if (child === undefined) return;
    throw new Error(
      `${workflowId} waits for its child ${child}, and its clock stands still while the child runs. Move the clock of the ` +
        'child, or let both skip to their ends with resume.',
    );
  }

  get #service(): WorkflowService {
    return this.#client.workflowService;
  }

  get #namespace(): string {
    return this.#client.options.namespace;
  }

  async #requireSupport(): Promise<void> {
    if (!(await this.isSupported())) throw new Error(await explainNoSkipping(this.#client));
  }

  async #configureFamily(workflowId: string, config: TimeSkippingConfig): Promise<void> {
    try {
      await this.#configure(workflowId, config);
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
      // The workflow may have ended since the caller started it.
      const { closeTime } = (await this.#describe(workflowId)).workflowExecutionInfo ?? {};
      if (!closeTime) throw error;
      return;
    }
    const children = await this.#children(workflowId);
    await Promise.all(children.map((child) => this.#configureFamily(child, config)));
  }

  async #configure(workflowId: string, timeSkippingConfig: TimeSkippingConfig): Promise<void> {
    await this.#requireSupport();
    await this.#service.updateWorkflowExecutionOptions({
      namespace: this.#namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: {
        timeSkippingConfig: { ...timeSkippingConfig, maxSessionSkipCount: MAX_SKIPS },
      },
      updateMask: { paths: ['time_skipping_config'] },
    });
  }

  async #untilFastForwarded(workflowId: string, id: string): Promise<void> {
    const over = new AbortController();
    try {
      // A call that is still open when the server stops is retried, and on a closed connection that ends the process.
      await this.#client.withAbortSignal(over.signal, () =>
        Promise.race([
          this.#pollAll(workflowId, id, over.signal),
          this.#throwWhenStuck(workflowId, over.signal),
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
        throw new Error(`${workflowId} could not be fast-forwarded: ${failedReason}`);
    }
  }

  /** Rejects when the workflow is stuck; otherwise it resolves after `over`. */
  async #throwWhenStuck(workflowId: string, over: AbortSignal): Promise<void> {
    const detector = new StuckWorkflowDetector(this.#client);
    while (!over.aborted) {
      const { pendingWorkflowTask } = await this.#describe(workflowId);
      if (pendingWorkflowTask) await detector.throwIfStuck(workflowId, pendingWorkflowTask);
      await delay(STUCK_CHECK_INTERVAL_MS);
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
  // The declared type Long has no public constructor here. A number is encoded in the same way.
  return {
    seconds: seconds as unknown as Duration['seconds'],
    nanos: (milliseconds - seconds * 1000) * 1_000_000,
  };
}
