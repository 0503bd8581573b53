// @module-tag long
import { readFile } from 'node:fs/promises';
import { Worker } from '@temporalio/worker';
import { expect, inject, test, vi } from 'vitest';
import type { RefundRequest } from '../../client/index.js';
import { changed, HARMLESS, patchedChange } from '../histories/changes.js';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { rests } from '../support/patient.js';
import { json, signalRaw } from '../support/raw-messages.js';
import { failedTasksOf, untilQuiet } from '../support/workers.js';
import { buildOf, Deployment } from './deployments.js';

const refunds = useRefunds(
  {},
  {},
  {
    'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '1s',
    'matching.wv.VersionDrainageStatusRefreshInterval': '1s',
    'limit.historyCount.suggestContinueAsNew': 200,
    'history.continueAsNewMinInterval': '0s',
  },
);
expectNoDoubleEffects(refunds);

vi.setConfig({ testTimeout: 180_000 });

const NOTE = { by: 'Ana', reason: 'the new build is there' };

const code = () => readFile(inject('workflowBundle'), 'utf8');

/** The next build of the workflow: the same commands with other texts and another wait. */
async function nextBuild() {
  return { workflowBundle: { code: HARMLESS.reduce(changed, await code()) } };
}

/** Refunds in the phases in which a new build can meet them. */
async function inEveryPhase() {
  const phases = {
    unknown: refunds.worldtrade('unknown-3'),
    settling: refunds.worldtrade('settles-3'),
    attention: refunds.cashier('refused-once-PROCESS_FAIL'),
    calling: refunds.cashier('plain'),
  };
  const hold = refunds.sandbox.hold({ api: 'refund', id: phases.calling.refundRequestId }, 'after');
  for (const request of Object.values(phases)) await refunds.begin(request);
  await hold.arrived;
  const resting = [phases.unknown, phases.settling, phases.attention];
  for (const { refundRequestId: id } of resting) {
    await refunds.until(id, rests);
    await untilQuiet(refunds, `refund:${id}`);
  }
  return { ...phases, all: Object.values(phases), resting, hold };
}

/** Lets a refund go on to its end, and checks that it was sent under one id and that the money moved once. */
async function toItsEnd(request: RefundRequest) {
  const id = request.refundRequestId;
  const { attention } = await refunds.refunds.describe(id);
  if (attention) await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
  await refunds.skipper.resume(`refund:${id}`);
  expect(await refunds.refunds.waitUntilIdle(id)).toMatchObject({
    outcome: { status: 'succeeded', providerRequestId: id },
  });
  expect(await failedTasksOf(refunds, `refund:${id}`)).toEqual([]);
  expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
}

/** Deletes a workflow that has ended. */
async function forget(workflowId: string): Promise<void> {
  const { client } = refunds;
  const { namespace } = client.options;
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  const query = `WorkflowId = '${workflowId}'`;
  await vi.waitFor(async () => expect((await client.workflow.count(query)).count).toBe(0), 30_000);
}

/** A message that changes nothing but the timeline, so that the refund has a task. */
const touch = (id: string) => signalRaw(refunds, id, 'escalate', [json('?')]);

/** Lets refunds have tasks until a worker of this build had the last one of each. */
async function untilOn(buildId: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    while ((await buildOf(refunds, id)) !== buildId) {
      await touch(id);
      await untilQuiet(refunds, `refund:${id}`);
    }
  }
}

test('AUTO_UPGRADE: refunds move from workers without a deployment to a build, to the next one, and back', async () => {
  const deployment = new Deployment(refunds, 'auto-upgrade', 'AUTO_UPGRADE');
  const { all, resting, hold } = await inEveryPhase();
  const ids = resting.map(({ refundRequestId }) => refundRequestId);

  await deployment.start('1');
  await deployment.setCurrent('1');
  hold.release();
  await refunds.stopWorker();
  await untilOn('1', ids);

  await deployment.start('2', await nextBuild());
  await deployment.ramp('2', 50);
  const ramped = Array.from({ length: 12 }, () => refunds.worldtrade('plain'));
  for (const request of ramped) await refunds.begin(request);
  for (const request of ramped) await toItsEnd(request);
  const used = await Promise.all(ramped.map(({ refundRequestId }) => buildOf(refunds, refundRequestId)));
  expect([...new Set(used)].sort()).toEqual(['1', '2']);

  await deployment.setCurrent('2');
  await untilOn('2', ids);

  await deployment.setCurrent('1');
  await untilOn('1', ids);
  for (const request of all) await toItsEnd(request);
});

test('PINNED: each refund ends on the build that started it, and a build is drained when its last refund has ended', async () => {
  const deployment = new Deployment(refunds, 'pinned', 'PINNED');
  const first = await deployment.start('1');
  await deployment.setCurrent('1');
  const { all, attention, hold } = await inEveryPhase();
  await deployment.start('2', await nextBuild());
  await deployment.setCurrent('2');
  hold.release();
  const later = refunds.worldtrade('plain');
  await refunds.begin(later);
  await toItsEnd(later);
  expect(await buildOf(refunds, later.refundRequestId)).toBe('2');

  const others = all.filter((request) => request !== attention);
  for (const request of others) await toItsEnd(request);
  const used = await Promise.all(others.map(({ refundRequestId }) => buildOf(refunds, refundRequestId)));
  expect(used).toEqual(['1', '1', '1']);

  // It waits for an operator, and continues as new on its build: no message lets it leave the build, or continue again and again.
  const id = attention.refundRequestId;
  const handle = refunds.refunds.getHandle(id);
  const { runId } = await handle.describe();
  while ((await handle.describe()).runId === runId) {
    await Promise.all(Array.from({ length: 20 }, () => touch(id)));
    await untilQuiet(refunds, handle.workflowId);
  }
  await touch(id);
  await refunds.until(id, rests);
  expect(await buildOf(refunds, id)).toBe('1');
  expect((await handle.describe()).historyLength).toBeLessThan(100);
  expect(await deployment.drainageOf('1')).toBe('draining');

  await first.stop();
  await expect(refunds.refunds.describe(id)).rejects.toMatchObject({
    code: 'NO_WORKER',
    pinnedTo: { deploymentName: 'pinned', buildId: '1' },
    message: expect.stringContaining('is pinned to the build "1" of the deployment "pinned"'),
  });
  await deployment.pin(id, '2');
  await toItsEnd(attention);
  expect(await buildOf(refunds, id)).toBe('2');
  await vi.waitFor(async () => expect(await deployment.drainageOf('1')).toBe('drained'), 60_000);
});

test('a build that is not current gets no refund, and the client says so', async () => {
  const deployment = new Deployment(refunds, 'idle', 'AUTO_UPGRADE');
  await deployment.start('1');
  const request = refunds.worldtrade('plain');
  const id = await refunds.begin(request);
  await expect(refunds.refunds.describe(id)).rejects.toMatchObject({
    code: 'NO_WORKER',
    message: expect.stringContaining('No build of a worker deployment is current or ramping.'),
  });
  await deployment.setCurrent('1');
  await toItsEnd(request);
});

test('refunds that have passed a patch are pinned to the new build before a rollback, and continue there', async () => {
  const deployment = new Deployment(refunds, 'rollback', 'AUTO_UPGRADE');
  await deployment.start('1');
  await deployment.setCurrent('1');
  const older = refunds.worldtrade('unknown-3');
  await refunds.until(await refunds.begin(older), rests);
  await untilQuiet(refunds, `refund:${older.refundRequestId}`);
  const text = await code();
  const patched = { code: changed(text, patchedChange(text)) };
  await deployment.start('2', { workflowBundle: patched });
  await deployment.setCurrent('2');
  const request = refunds.worldtrade('unknown-3');
  const id = request.refundRequestId;
  await refunds.refunds.start(request);
  await refunds.until(id, rests);
  await untilQuiet(refunds, `refund:${id}`);

  await deployment.pin(id, '2');
  await deployment.setCurrent('1');
  await touch(id);
  await toItsEnd(older);
  expect(await buildOf(refunds, older.refundRequestId)).toBe('1');
  await toItsEnd(request);
  expect(await buildOf(refunds, id)).toBe('2');
  const history = await refunds.refunds.getHandle(id).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: patched }, history, `refund:${id}`);
  // Without the patch it does not replay, so the check at the end must not find it.
  await forget(`refund:${id}`);
});
