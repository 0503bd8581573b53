import { fileURLToPath } from 'node:url';
import { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import { installRuntime } from '../support/runtime.js';
import {
  changing,
  greeting,
  hanging,
  inRuns,
  leaving,
  refund,
  sleeping,
  withChangingChild,
} from './workflows/application.js';

installRuntime({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

const HOUR = 60 * 60_000;
let env: TestEnvironment;
let count = 0;
const stderr: string[] = [];
beforeAll(async () => {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0);
  env = await createTestEnvironment({
    workflowsPath: fileURLToPath(new URL('workflows/application.ts', import.meta.url)),
    activities: { greet: async (name: string) => `Good morning, ${name}` },
  });
  write.mockRestore();
});
afterAll(() => env.stop());

const next = () => ({ taskQueue: env.taskQueue, workflowId: `execution-${++count}` });

describe('a test environment', () => {
  test('runs refunds against the sandbox with time skipping', async () => {
    const request = { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 'trade-unknown-3' } as const;
    await env.skipper.skipOnStart(() => env.refunds.start(request));
    expect(await env.refunds.result('r-1')).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(env.sandbox.journal.moved('trade-unknown-3')).toHaveLength(1);
    await env.check();
  });

  test('writes nothing while it bundles the application’s workflows', () => {
    expect(stderr).toEqual([]);
  });

  test('runs the application’s own workflows and activities on the same worker', async () => {
    const greeted = await env.client.workflow.execute(greeting, { ...next(), args: ['Ana'] });
    expect(greeted).toBe('Good morning, Ana');
    await env.check();
  });
});

test('while its worker is stopped, a refund waits, and nobody answers for it', async () => {
  const request = { product: 'worldtrade', refundRequestId: 'r-2', tradeId: 'trade-unknown-4' } as const;
  await env.stopWorker();
  await env.refunds.start(request);
  await expect(env.refunds.describe('r-2')).rejects.toMatchObject({ code: 'NO_WORKER' });
  await env.startWorker();
  await env.startWorker();
  await env.skipper.resume('refund:r-2');
  expect(await env.refunds.result('r-2')).toMatchObject({ status: 'succeeded' });
  await env.stopWorker();
  await env.stopWorker();
  await env.startWorker();
  await env.check();
});

describe('a workflow that is still open at the check', () => {
  test('is an error, and is terminated', async () => {
    const handle = await env.client.workflow.start(sleeping, { ...next(), args: [HOUR] });
    await expect(env.check()).rejects.toThrow(
      `${handle.workflowId} is still open. Wait for its end, or give a reason to leave it open: leaveOpen('${handle.workflowId}', 'reason')`,
    );
    expect((await handle.describe()).status.name).toBe('TERMINATED');
    await env.check();
  });

  test('is allowed for a reason, until the next check', async () => {
    const options = next();
    await env.client.workflow.start(sleeping, { ...options, args: [HOUR] });
    env.leaveOpen(options.workflowId, 'the test needs no end');
    await env.check();
    await env.client.workflow.start(sleeping, { ...options, args: [HOUR] });
    await expect(env.check()).rejects.toThrow(`${options.workflowId} is still open`);
  });

  test('needs a reason that is not blank', () => {
    expect(() => env.leaveOpen('any', ' ')).toThrow("leaveOpen('any', …) needs a reason");
  });

  test('that was never started is an error', async () => {
    env.leaveOpen('another id', 'the test needs no end');
    await expect(env.check()).rejects.toThrow(
      "leaveOpen('another id', …) names a workflow that was never started. Is the workflow id correct?",
    );
  });

  test('because its workflow task fails is an error with the failure', async () => {
    const { workflowId } = await env.client.workflow.start(hanging, next());
    await expect.poll(() => failed(workflowId), { timeout: 20_000 }).toBe(true);
    await expect(env.check()).rejects.toThrow(
      `${workflowId} is stuck, because its workflow task fails (a bug). Fix its code`,
    );
  });

  test('is found after every kind of start', async () => {
    const [signalled, updated, elsewhere] = [next(), next(), next()];
    await env.client.workflow.signalWithStart(sleeping, { ...signalled, args: [HOUR], signal: 'any' });
    const request = { product: 'cashier', refundRequestId: updated.workflowId } as never;
    const startWorkflowOperation = new WithStartWorkflowOperation(refund, {
      ...updated,
      args: [request],
      workflowIdConflictPolicy: 'FAIL',
    });
    await env.client.workflow
      .executeUpdateWithStart('checkNow', { startWorkflowOperation, args: ['?'] })
      .catch(() => {});
    const { connection, options } = env.client;
    const other = new Client({ connection, namespace: options.namespace });
    await other.workflow.start(sleeping, { ...elsewhere, args: [HOUR] });
    env.started(elsewhere.workflowId);
    const problems = await env.check().then(
      () => '',
      ({ message }: Error) => message,
    );
    expect(problems).toContain(`${signalled.workflowId} is still open`);
    expect(problems).toContain(`${elsewhere.workflowId} is still open`);
    expect(problems).not.toContain(updated.workflowId);
  });

  test('is found if it is a child of a workflow that has ended', async () => {
    const child = await env.client.workflow.execute(leaving, { ...next(), args: [HOUR] });
    await listed(child);
    await expect(env.check()).rejects.toThrow(`${child} is still open`);
  });
});

describe('a workflow that does not replay', () => {
  test('is an error', async () => {
    const options = next();
    await env.client.workflow.execute(changing, options);
    await expect(env.check()).rejects.toThrow(
      new RegExp(`${options.workflowId} does not replay: .*ondetermini`),
    );
    await env.check();
  });

  test('is an error if it is a child', async () => {
    const options = next();
    await env.client.workflow.execute(withChangingChild, options);
    const { events } = await env.client.workflow.getHandle(options.workflowId).fetchHistory();
    const child = events?.find((event) => event.childWorkflowExecutionStartedEventAttributes);
    const childId = child?.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId ?? '';
    await listed(childId);
    await expect(env.check()).rejects.toThrow(`${childId} does not replay`);
  });

  test('is not reported for a workflow that continued as new and replays', async () => {
    const run = env.client.workflow.execute(inRuns, { ...next(), args: [1, 2] });
    await run;
    await env.check();
  });
});

test('stop reports open workflows, and stops everything', async () => {
  const ours = await createTestEnvironment();
  await ours.refunds.start({ product: 'worldtrade', refundRequestId: 'r-9', tradeId: 'trade-nobody' });
  // A workflow in the middle of a task must not be reported as one that does not replay.
  await expect(ours.stop()).rejects.toThrow(/^refund:r-9 is still open[^\n]*$/);
  await expect(fetch(ours.sandbox.url)).rejects.toThrow();
  await ours.stop();
});

describe('the server of a test environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('is a new one, although TEMPORAL_ADDRESS is set', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    const own = await createTestEnvironment();
    expect(own.temporal.pid).toBeGreaterThan(0);
    await own.stop();
  });

  test('can be an existing one, where ids of other runs are an error', async () => {
    const run = `shared-${process.pid}`;
    const request = { product: 'worldtrade', refundRequestId: run, tradeId: `trade-${run}` } as const;
    const options = { temporal: { address: inject('temporalAddress') } };
    const first = await createTestEnvironment(options);
    await first.refunds.start(request);
    expect(await first.refunds.start(request)).toMatchObject({ started: false });
    await first.refunds.result(run);
    await first.stop();

    const second = await createTestEnvironment(options);
    const exists = new RegExp(
      `refund:${run} exists already in the namespace default.* on the task queue ${first.taskQueue}, not by this test`,
    );
    await expect(second.refunds.start(request)).rejects.toThrow(exists);
    await expect(second.refunds.startAndWait(request, { until: 'answer' })).rejects.toThrow(exists);
    const other = { ...request, refundRequestId: `${run}-b`, tradeId: `trade-${run}-b` };
    await second.refunds.startAndWait(other, { until: 'answer' });
    await second.refunds.result(other.refundRequestId);
    await second.stop();
  });
});

async function failed(workflowId: string): Promise<boolean> {
  const { events } = await env.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.some((event) => event.workflowTaskFailedEventAttributes) ?? false;
}

/** Resolves once Temporal's list has the workflow. */
async function listed(workflowId: string): Promise<void> {
  const query = `WorkflowId = '${workflowId}'`;
  await expect.poll(async () => (await env.client.workflow.count(query)).count, { timeout: 20_000 }).toBe(1);
}
