import { fileURLToPath } from 'node:url';
import { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
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

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

const HOUR = 60 * 60_000;
let env: TestEnvironment;
let count = 0;
beforeAll(async () => {
  env = await createTestEnvironment({
    workflowsPath: fileURLToPath(new URL('workflows/application.ts', import.meta.url)),
    activities: { greet: async (name: string) => `Good morning, ${name}` },
  });
});
afterAll(() => env.stop());

const next = () => ({ taskQueue: env.taskQueue, workflowId: `execution-${++count}` });

describe('what a test has to its hands', () => {
  test('refunds, WorldFirst, and time', async () => {
    const request = { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 'trade-unknown-3' } as const;
    await env.skipper.skipOnStart(() => env.refunds.start(request));
    expect(await env.refunds.result('r-1')).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(env.sandbox.journal.moved('trade-unknown-3')).toHaveLength(1);
    await env.check();
  });

  test('the application’s own workflows and activities, on the same worker', async () => {
    const greeted = await env.client.workflow.execute(greeting, { ...next(), args: ['Ana'] });
    expect(greeted).toBe('Good morning, Ana');
    await env.check();
  });
});

describe('what is left open', () => {
  test('is named, and ended', async () => {
    const handle = await env.client.workflow.start(sleeping, { ...next(), args: [HOUR] });
    await expect(env.check()).rejects.toThrow(
      `${handle.workflowId} is still open. Wait for its end, or say why it is left: leaveOpen('${handle.workflowId}', 'why')`,
    );
    expect((await handle.describe()).status.name).toBe('TERMINATED');
    await env.check();
  });

  test('may be, for a reason, until the next check', async () => {
    const options = next();
    await env.client.workflow.start(sleeping, { ...options, args: [HOUR] });
    env.leaveOpen(options.workflowId, 'it is looked at on its way');
    await env.check();
    await env.client.workflow.start(sleeping, { ...options, args: [HOUR] });
    await expect(env.check()).rejects.toThrow(`${options.workflowId} is still open`);
  });

  test('needs a reason of words', () => {
    expect(() => env.leaveOpen('any', ' ')).toThrow('any needs a reason');
  });

  test('cannot be what was never started', async () => {
    env.leaveOpen('another id', 'it is looked at on its way');
    await expect(env.check()).rejects.toThrow(
      'another id was to be left open, and was never started: is that its workflow id?',
    );
  });

  test('because its workflow task fails for ever: the failure is told', async () => {
    const { workflowId } = await env.client.workflow.start(hanging, next());
    await expect.poll(() => failed(workflowId), { timeout: 20_000 }).toBe(true);
    await expect(env.check()).rejects.toThrow(`${workflowId} hangs, for its workflow task fails (a bug)`);
  });

  test('is found however it was started', async () => {
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
    const mistakes = await env.check().then(
      () => '',
      ({ message }: Error) => message,
    );
    expect(mistakes).toContain(`${signalled.workflowId} is still open`);
    expect(mistakes).toContain(`${elsewhere.workflowId} is still open`);
    expect(mistakes).not.toContain(updated.workflowId);
  });

  test('by a workflow that has ended, a child', async () => {
    const child = await env.client.workflow.execute(leaving, { ...next(), args: [HOUR] });
    await listed(child);
    await expect(env.check()).rejects.toThrow(`${child} is still open`);
  });
});

describe('what does not replay', () => {
  test('is named', async () => {
    const options = next();
    await env.client.workflow.execute(changing, options);
    await expect(env.check()).rejects.toThrow(
      new RegExp(`${options.workflowId} does not replay: .*ondetermini`),
    );
    await env.check();
  });

  test('is named, a child too', async () => {
    const options = next();
    await env.client.workflow.execute(withChangingChild, options);
    const { events } = await env.client.workflow.getHandle(options.workflowId).fetchHistory();
    const child = events?.find((event) => event.childWorkflowExecutionStartedEventAttributes);
    const childId = child?.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId ?? '';
    await listed(childId);
    await expect(env.check()).rejects.toThrow(`${childId} does not replay`);
  });

  test('all runs of a workflow that continued as new are replayed', async () => {
    const run = env.client.workflow.execute(inRuns, { ...next(), args: [1, 2] });
    await run;
    await env.check();
  });
});

test('the stop tells what the last test left open, and ends everything all the same', async () => {
  const ours = await createTestEnvironment();
  await ours.refunds.start({ product: 'worldtrade', refundRequestId: 'r-9', tradeId: 'trade-nobody' });
  // Found on its way, in the middle of a task: that is no reason to say that it does not replay.
  await expect(ours.stop()).rejects.toThrow(/^refund:r-9 is still open[^\n]*$/);
  await expect(fetch(ours.sandbox.url)).rejects.toThrow();
  await ours.stop();
});

async function failed(workflowId: string): Promise<boolean> {
  const { events } = await env.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.some((event) => event.workflowTaskFailedEventAttributes) ?? false;
}

/** Resolves once the list has it. */
async function listed(workflowId: string): Promise<void> {
  const query = `WorkflowId = '${workflowId}'`;
  await expect.poll(async () => (await env.client.workflow.count(query)).count, { timeout: 20_000 }).toBe(1);
}
