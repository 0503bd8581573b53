// @module-tag long
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import {
  decideUpdate,
  escalateSignal,
  type refund,
  refundQuery,
  workflowIdOf,
} from '../../workflows/index.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const root = path.resolve(import.meta.dirname, '../..');

test('a client of Temporal without RefundClient shows a refund, escalates it and decides', async () => {
  const request = refunds.cashier('nobody');
  const id = await refunds.begin(request);
  await refunds.until(id, ({ status }) => status === 'unknown');
  const handle = refunds.client.workflow.getHandle<typeof refund>(workflowIdOf(id));
  const note = { by: 'Ana', reason: 'support found none' };
  await handle.signal(escalateSignal, note);
  expect((await handle.query(refundQuery)).attention?.reason).toBe('escalated');
  const refused = handle.executeUpdate(decideUpdate, { args: [{ ...note, decision: 'send-with-new-id' }] });
  await expect(refused).rejects.toThrow(WorkflowUpdateFailedError);
  const view = await handle.executeUpdate(decideUpdate, {
    args: [{ ...note, decision: 'mark-failed', evidence: 'case 4711' }],
  });
  expect(view.status).toBe('failed');
  expect(await handle.result()).toMatchObject({ status: 'failed', by: 'Ana' });
});

test('an application that imports the messages loads neither the worker nor the activities', async () => {
  const code = `
    const { decideUpdate } = await import('worldfirst-refunds/workflows');
    const { createRequire } = await import('node:module');
    const files = Object.keys(createRequire(import.meta.url).cache);
    const packages = files.flatMap((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file.replaceAll('\\\\', '/'))?.[1] ?? []);
    console.log(JSON.stringify({ name: decideUpdate.name, packages: [...new Set(packages)].sort() }));
  `;
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const { name, packages } = JSON.parse(stdout);
  expect(name).toBe('decide');
  expect(packages).toEqual(expect.arrayContaining(['@temporalio/common', '@temporalio/workflow']));
  expect(
    packages.filter((each: string) =>
      /^(@temporalio\/(worker|core-bridge|client|activity)|got|zod)$/.test(each),
    ),
  ).toEqual([]);
});
