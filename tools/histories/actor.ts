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

const REMARK = { by: 'Ana', reason: 'the customer called' };

/** Where a refund is performed. */
export interface Place {
  client: Client;
  sandbox: Sandbox;
  taskQueue: string;
}

/** One refund, and all that people and WorldFirst do to it. */
export class Actor {
  readonly sandbox: Sandbox;
  readonly request: RefundRequest;
  readonly client: Client;
  readonly taskQueue: string;
  readonly #refunds: RefundClient;
  readonly #skipper: TimeSkipper;
  readonly #options: RefundOptions;

  constructor({ client, sandbox, taskQueue }: Place, request: RefundRequest, options: RefundOptions) {
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

  /** The run that it is in. */
  async runId(): Promise<string> {
    return (await this.handle.describe()).runId;
  }

  /** The run that it began with. */
  async firstRunId(): Promise<string> {
    const { workflowExecutionInfo } = (await this.handle.describe()).raw;
    return workflowExecutionInfo?.firstRunId ?? this.runId();
  }

  /** Starts it, and lets its waits pass until it has ended or needs a person. */
  async run(): Promise<void> {
    await this.#skipper.skipOnStart(() => this.#refunds.start(this.request, this.#options));
    await this.rests();
  }

  /** Starts it in real time, and resolves once it is in its first wait. */
  async begin(): Promise<void> {
    await this.#refunds.start(this.request, this.#options);
    await this.until(({ inquiries }) => inquiries.nextAt !== undefined);
  }

  /** Starts it in real time, and resolves once an activity has failed, and waits to be tried again. */
  async beginInVain(): Promise<void> {
    await this.#refunds.start(this.request, this.#options);
    while (
      !(await this.handle.describe()).raw.pendingActivities?.some(({ attempt }) => Number(attempt) > 1)
    ) {
      await sleep(50);
    }
  }

  /** Starts it, and waits for WorldFirst's first answer. */
  async beginAndAwaitTheAnswer(): Promise<void> {
    await this.#refunds.startAndWait(this.request, { ...this.#options, until: 'answer' });
  }

  /** Starts it as anybody can who has no client of ours. */
  async startByHand(args: unknown[] = [this.request]): Promise<void> {
    const { workflowId, taskQueue } = this;
    await this.client.workflow.start('refund', { workflowId, taskQueue, args });
  }

  /** Lets the waits pass until it has ended or needs a person. */
  async goesOn(): Promise<void> {
    await this.#skipper.resume(this.workflowId);
    await this.rests();
  }

  /** Lets the waits pass until nothing more happens. */
  async allTimePasses(): Promise<void> {
    await this.#skipper.resume(this.workflowId);
    await sleep(1_000);
    await this.#skipper.settled(this.workflowId);
  }

  /** Starts it, and lets a day of attempts pass, of which the server skips 200 at a time. */
  async runForADay(): Promise<void> {
    await this.#skipper.skipOnStart(() => this.#refunds.start(this.request, this.#options));
    while ((await this.#refunds.describe(this.id)).attention === undefined) {
      await this.#skipper.resume(this.workflowId);
      await sleep(500);
    }
  }

  /** Resolves once the workflow has ended, however. */
  async closes(): Promise<void> {
    while ((await this.handle.describe()).status.name === 'RUNNING') await sleep(50);
  }

  /** Resolves once it has ended or needs a person, and has told so. */
  async rests(): Promise<void> {
    await this.#refunds.waitUntilIdle(this.id);
    await this.#skipper.settled(this.workflowId);
  }

  async until(isSo: (view: RefundView) => boolean): Promise<void> {
    while (!isSo(await this.#refunds.describe(this.id))) await sleep(50);
  }

  /** A person decides, and it goes on until it rests. */
  async decide(decision: DecisionName): Promise<void> {
    await this.#refunds.decide(this.id, this.decision(decision));
    await this.goesOn();
  }

  decision(decision: DecisionName) {
    return { decision, ...REMARK, ...(decision.startsWith('mark-') && { evidence: 'ticket 4711' }) };
  }

  async checkNow(): Promise<void> {
    await this.#refunds.checkNow(this.id, REMARK);
  }

  async escalate(): Promise<void> {
    await this.signal('escalate', REMARK);
    await this.goesOn();
  }

  async cancel(): Promise<void> {
    await this.handle.cancel();
    await this.goesOn();
  }

  /** WorldFirst notifies that the order was closed. */
  async closed(
    isRefund: 'Y' | 'N',
    tradeId = 'tradeId' in this.request ? this.request.tradeId : '',
  ): Promise<void> {
    await this.signal('notification', this.sandbox.signedNotification({ tradeId, isRefund }));
  }

  /** Sends a signal, and resolves once it was read. */
  async signal(name: string, message: unknown): Promise<void> {
    await this.handle.signal(name, message);
    await this.#skipper.settled(this.workflowId);
  }
}
