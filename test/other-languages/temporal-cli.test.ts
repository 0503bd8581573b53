// @module-tag long
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, test } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { findTemporal } from '../../testing/temporal-sources.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const run = promisify(execFile);
let program: string;

beforeAll(async () => {
  program = (await findTemporal(process.env)).path;
});

/** Runs Temporal's own command line, as people and other languages do: nothing of this package is in between. */
async function temporal(...args: string[]): Promise<string> {
  const connection = ['--address', inject('temporalAddress'), '--output', 'json'];
  const { stdout } = await run(program, ['workflow', ...args, ...connection]);
  return stdout;
}

test('a refund is started, queried, stopped and decided with plain JSON', async () => {
  const request = refunds.cashier('unknown-3');
  const id = workflowIdOf(request.refundRequestId);
  refunds.started(id);
  const start = ['start', '--type', 'refund', '--task-queue', refunds.taskQueue, '--workflow-id', id];
  await temporal(...start, '--id-reuse-policy', 'RejectDuplicate', '--input', JSON.stringify(request));
  await refunds.until(request.refundRequestId, ({ status }) => status === 'unknown');

  const answer = JSON.parse(await temporal('query', '--workflow-id', id, '--name', 'refund'));
  expect(JSON.stringify(answer)).toContain('"status":"unknown"');

  const remark = JSON.stringify({ by: 'Ana', reason: 'the customer called' });
  await temporal('signal', '--workflow-id', id, '--name', 'escalate', '--input', remark);
  const { attention } = await refunds.until(request.refundRequestId, (view) => view.attention !== undefined);
  expect(attention?.reason).toBe('escalated');

  const decide = ['update', 'execute', '--workflow-id', id, '--name', 'decide', '--input'];
  const wrong = { decision: 'send-with-new-id', by: 'Ana', reason: 'let us try' };
  await expect(temporal(...decide, JSON.stringify(wrong))).rejects.toThrow(/a new id needs a signed refusal/);

  const right = { decision: 'mark-failed', by: 'Ana', reason: 'support found none', evidence: 'case 4711' };
  expect(await temporal(...decide, JSON.stringify(right))).toContain('failed');
  const { outcome } = await refunds.refunds.describe(request.refundRequestId);
  expect(outcome).toMatchObject({ status: 'failed', by: 'Ana', evidence: 'case 4711' });
});

test('a request that is not valid fails at once with every mistake named, and nothing is sent', async () => {
  const request = {
    product: 'cashier',
    refundRequestId: 'by-hand',
    payToId: 'pay-by-hand',
    refundToDetails: [],
  };
  const id = workflowIdOf(request.refundRequestId);
  const start = ['execute', '--type', 'refund', '--task-queue', refunds.taskQueue, '--workflow-id', id];
  const failed = await temporal(...start, '--input', JSON.stringify(request)).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
  expect(failed).toContain('InvalidRefundRequest');
  expect(failed).toContain('refundToDetails must have at least 1 entry; refundReason is missing');
  expect(refunds.sandbox.journal.entries.filter(({ body }) => body.includes('pay-by-hand'))).toEqual([]);
});

test('words that are no JSON are noted, and the refund goes on', async () => {
  const request = refunds.cashier('unknown-3');
  const id = workflowIdOf(request.refundRequestId);
  await refunds.begin(request);
  await refunds.until(request.refundRequestId, ({ status }) => status === 'unknown');
  const signal = ['signal', '--workflow-id', id, '--name', 'decide', '--input', '{by: Ana'];
  await temporal(...signal, '--input-meta', 'encoding=binary/plain');
  const { status } = await refunds.until(request.refundRequestId, ({ timeline }) =>
    timeline.some(({ event }) => event === 'message-dropped'),
  );
  expect(status).toBe('unknown');
});
