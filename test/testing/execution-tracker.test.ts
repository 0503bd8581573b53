import { Client, Connection } from '@temporalio/client';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ExecutionTracker } from '../../testing/execution-tracker.js';
import { installRuntime } from '../support/runtime.js';

installRuntime({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

// No worker runs it, so its workflows stay open.
const taskQueue = `execution-tracker-${process.pid}`;
let connection: Connection;
let count = 0;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

/** A tracker, and a client for it that calls back whenever the tracker lists executions. */
function trackerWith(duringList: (tracker: ExecutionTracker) => Promise<void>) {
  const client = new Client({ connection });
  const list = client.workflow.list.bind(client.workflow);
  Object.assign(client.workflow, {
    async *list(options: Parameters<typeof list>[0]) {
      await duringList(tracker);
      yield* list(options);
    },
  });
  const workflowBundle = { codePath: inject('workflowBundle') };
  const tracker: ExecutionTracker = new ExecutionTracker({
    client,
    taskQueue,
    workflowBundle,
    dataConverter: {},
  });
  return { tracker, client };
}

/** Starts a workflow that is open with a reason, and resolves once Temporal's list has it. */
async function startOpen(tracker: ExecutionTracker): Promise<string> {
  const workflowId = `${taskQueue}-${++count}`;
  tracker.leaveOpen(workflowId, 'no worker runs it');
  const { workflow } = new Client({ connection });
  await workflow.start('refund', { taskQueue, workflowId });
  const isListed = async () => (await workflow.count(`WorkflowId = '${workflowId}'`)).count;
  await expect.poll(isListed, { timeout: 20_000 }).toBe(1);
  return workflowId;
}

const statusOf = async (client: Client, workflowId: string) =>
  (await client.workflow.getHandle(workflowId).describe()).status.name;

test('a workflow that starts during a check is not terminated, and keeps its reason for the next check', async () => {
  let meanwhile: string | undefined;
  const { tracker, client } = trackerWith(async () => {
    meanwhile ??= await startOpen(tracker);
  });
  const before = await startOpen(tracker);
  await tracker.check();
  expect(await statusOf(client, before)).toBe('TERMINATED');
  expect(await statusOf(client, meanwhile ?? '')).toBe('RUNNING');
  await tracker.check();
  expect(await statusOf(client, meanwhile ?? '')).toBe('TERMINATED');
});

test('two checks at once do not lose the reason of a workflow that is open', async () => {
  const { tracker, client } = trackerWith(async () => {});
  const workflowId = await startOpen(tracker);
  await Promise.all([tracker.check(), tracker.check()]);
  expect(await statusOf(client, workflowId)).toBe('TERMINATED');
});
