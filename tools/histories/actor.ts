import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import {
  type DecisionName,
  RefundClient,
  type RefundOptions,
  type RefundRequest,
  type RefundView,
  workflowIdOf,
} from 'worldfirst-refunds';
import { type Sandbox, TimeSkipper } from 'worldfirst-refunds/testing';

const NOTE = { by: 'Ana', reason: 'the customer called' };

/** The server, the sandbox and the task queue of a refund. */
export interface ActorContext {
  client: Client;
  sandbox: Sandbox;
  taskQueue: string;
}

/** The id of an event, as the SDK's history has it. */
type EventId = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number]['eventId'];

/** One refund, and everything that operators and WorldFirst do to it. */
export class Actor {
  readonly sandbox: Sandbox;
  readonly request: RefundRequest;
  readonly client: Client;
  readonly taskQueue: string;
  readonly #refunds: RefundClient;
  readonly #skipper: TimeSkipper;
  readonly #options: RefundOptions;

  constructor({ client, sandbox, taskQueue }: ActorContext, request: RefundRequest, options: RefundOptions) {
    this.sandbox = sandbox;
    this.request = request;
    this.client = client;
    this.taskQueue = taskQueue;
    this.#refunds = new RefundClient(client, { taskQueue });
    this.#skipper = new TimeSkipper(client);
    this.#options = options;
  }

  get id(): string {
    return this.request.refundRequestId;
  }

  get workflowId(): string {
    return workflowIdOf(this.id);
  }

  get handle(): WorkflowHandle {
    return this.client.workflow.getHandle(this.workflowId);
  }

  /** Its present run. */
  async runId(): Promise<string> {
    return (await this.handle.describe()).runId;
  }

  /** Its first run. */
  async firstRunId(): Promise<string> {
    const { workflowExecutionInfo } = (await this.handle.describe()).raw;
    return workflowExecutionInfo?.firstRunId ?? this.runId();
  }

  /** Starts it in skipped time; resolves when it has ended or needs an operator. */
  async runUntilIdle(): Promise<void> {
    await this.#skipper.skipOnStart(() => this.#refunds.start(this.request, this.#options));
    await this.waitUntilIdle();
  }

  /** Starts it in real time; resolves when it is in its first wait. */
  async startUntilFirstWait(): Promise<void> {
    await this.#refunds.start(this.request, this.#options);
    await this.until(({ inquiries }) => inquiries.nextAt !== undefined);
  }

  /** Starts it in real time; resolves when an activity has failed and waits for its retry. */
  async startUntilActivityFails(): Promise<void> {
    await this.#refunds.start(this.request, this.#options);
    while (
      !(await this.handle.describe()).raw.pendingActivities?.some(({ attempt }) => Number(attempt) > 1)
    ) {
      await sleep(50);
    }
  }

  /** Starts it and waits for WorldFirst's first answer. */
  async startAndWaitForAnswer(): Promise<void> {
    await this.#refunds.startAndWait(this.request, { ...this.#options, until: 'answer' });
  }

  /** Starts it by Temporal's own client. */
  async startDirectly(args: unknown[] = [this.request]): Promise<void> {
    const { workflowId, taskQueue } = this;
    await this.client.workflow.start('refund', { workflowId, taskQueue, args });
  }

  /** Skips its waits until it has ended or needs an operator. */
  async resumeUntilIdle(): Promise<void> {
    await this.#skipper.resume(this.workflowId);
    await this.waitUntilIdle();
  }

  /** Skips its waits until nothing more happens. */
  async resumeUntilSettled(): Promise<void> {
    await this.#skipper.resume(this.workflowId);
    await sleep(1_000);
    await this.#skipper.settled(this.workflowId);
  }

  /** Starts it, and skips a day of retries. The server stops skipping after 200 waits. */
  async runForADay(): Promise<void> {
    await this.#skipper.skipOnStart(() => this.#refunds.start(this.request, this.#options));
    while ((await this.#refunds.describe(this.id)).attention === undefined) {
      await this.#skipper.resume(this.workflowId);
      await sleep(500);
    }
  }

  /** Resolves when the workflow has ended in any way. */
  async waitUntilEnded(): Promise<void> {
    while ((await this.handle.describe()).status.name === 'RUNNING') await sleep(50);
  }

  /** Resolves when it has ended or needs an operator, and its last task is recorded. */
  async waitUntilIdle(): Promise<void> {
    await this.#refunds.waitUntilIdle(this.id);
    await this.#skipper.settled(this.workflowId);
  }

  async until(isSo: (view: RefundView) => boolean): Promise<void> {
    while (!isSo(await this.#refunds.describe(this.id))) await sleep(50);
  }

  /** An operator decides; resolves when it is idle again. */
  async decide(decision: DecisionName): Promise<void> {
    await this.#refunds.decide(this.id, this.decision(decision));
    await this.resumeUntilIdle();
  }

  decision(decision: DecisionName) {
    return { decision, ...NOTE, ...(decision.startsWith('mark-') && { evidence: 'ticket 4711' }) };
  }

  async checkNow(): Promise<void> {
    await this.#refunds.checkNow(this.id, NOTE);
  }

  async escalate(): Promise<void> {
    await this.signal('escalate', NOTE);
    await this.resumeUntilIdle();
  }

  async cancel(): Promise<void> {
    await this.handle.cancel();
    await this.resumeUntilIdle();
  }

  /** WorldFirst notifies that the order was closed. */
  async notifyClosed(
    isRefund: 'Y' | 'N',
    tradeId = 'tradeId' in this.request ? this.request.tradeId : '',
  ): Promise<void> {
    await this.signal('notification', this.sandbox.signedNotification({ tradeId, isRefund }));
  }

  /** An operator resets the workflow to its first task. */
  async resetToFirstTask(): Promise<void> {
    await this.#reset((tasks) => tasks[0]);
  }

  /** An operator resets the workflow to its last task. */
  async resetToLastTask(): Promise<void> {
    await this.#reset((tasks) => tasks.at(-1));
  }

  async #reset(choose: (tasks: EventId[]) => EventId | undefined): Promise<void> {
    const { events } = await this.handle.fetchHistory();
    const completed = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: task }) => task);
    await this.client.workflowService.resetWorkflowExecution({
      namespace: this.client.options.namespace,
      workflowExecution: { workflowId: this.workflowId, runId: (await this.handle.describe()).runId },
      reason: 'recorded',
      workflowTaskFinishEventId: choose(completed.map(({ eventId }) => eventId)) ?? null,
      requestId: this.workflowId,
    });
    await this.#skipper.settled(this.workflowId);
  }

  /** Sends a signal; resolves when it was handled. */
  async signal(name: string, message: unknown): Promise<void> {
    await this.handle.signal(name, message);
    await this.#skipper.settled(this.workflowId);
  }
}
