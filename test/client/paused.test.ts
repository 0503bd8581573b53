import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RefundSummary } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';
import { rests } from '../support/patient.js';

const refunds = useRefunds({}, {}, { 'frontend.WorkflowPauseEnabled': true });

const NOTE = { by: 'Ana', reason: 'a test' };

async function listed(status: 'processing', reference: string): Promise<RefundSummary[]> {
  const found: RefundSummary[] = [];
  for await (const each of refunds.refunds.list({ status, reference })) found.push(each);
  return found;
}

test('a refund whose workflow is paused stays in its list, rejects messages with a code, and continues when it is unpaused', async () => {
  const request = refunds.worldtrade('settles-3');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const { client } = refunds;
  const workflow = {
    namespace: client.options.namespace,
    workflowId: `refund:${id}`,
    runId: (await refunds.refunds.getHandle(id).describe()).runId,
    identity: 'Ana',
    reason: 'a test',
  };
  await client.workflowService.pauseWorkflowExecution({ ...workflow, requestId: randomUUID() });

  while ((await listed('processing', request.tradeId))[0]?.paused !== true) await sleep(200);
  const paused = { code: 'REFUND_PAUSED', message: expect.stringContaining('temporal workflow unpause') };
  await expect(refunds.refunds.describe(id)).rejects.toMatchObject(paused);
  await expect(refunds.refunds.escalate(id, NOTE)).rejects.toMatchObject(paused);
  await expect(refunds.refunds.checkNow(id, NOTE)).rejects.toMatchObject(paused);
  await expect(refunds.refunds.decide(id, { decision: 'send-again', ...NOTE })).rejects.toMatchObject(paused);
  expect(await refunds.refunds.resume(id)).toMatchObject({ started: false, paused: true });

  await client.workflowService.unpauseWorkflowExecution({ ...workflow, requestId: randomUUID() });
  const idle = refunds.refunds.waitUntilIdle(id);
  await refunds.refunds.escalate(id, NOTE);
  expect((await idle).attention?.reason).toBe('escalated');
});
