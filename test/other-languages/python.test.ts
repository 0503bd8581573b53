// @module-tag long
import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { cacheFolder } from '../../testing/temporal-cache.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const run = promisify(execFile);
const program = path.resolve(import.meta.dirname, '../../examples/python/refunds.py');
const VERSION = '1.35.0';

/** A Python that has Temporal's SDK; one is made in the cache where the machine's own has none. Undefined without any. */
async function pythonWithTemporal(): Promise<string | undefined> {
  const hasTemporal = (python: string) =>
    run(python, ['-c', 'import temporalio']).then(
      () => true,
      () => false,
    );
  if (await hasTemporal('python3')) return 'python3';
  const folder = path.join(cacheFolder(process.env), `python-temporalio-${VERSION}`);
  const python = path.join(folder, 'bin/python');
  try {
    await access(python).catch(async () => {
      await mkdir(path.dirname(folder), { recursive: true });
      await run('python3', ['-m', 'venv', folder]);
    });
    if (!(await hasTemporal(python)))
      await run(python, ['-m', 'pip', 'install', '--quiet', `temporalio==${VERSION}`]);
    return python;
  } catch (error) {
    console.error(`The example in Python is not tested here: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

// A download, and Python on a busy machine.
test('the example in Python starts a refund, shows it and decides on it', {
  timeout: 300_000,
}, async (context) => {
  const python = await pythonWithTemporal();
  if (!python) return context.skip();
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    REFUND_TASK_QUEUE: refunds.taskQueue,
  };
  const example = async (...args: string[]) => (await run(python, [program, ...args], { env })).stdout;

  const request = refunds.worldtrade('refused-PROCESS_FAIL');
  const id = request.refundRequestId;
  refunds.started(workflowIdOf(id));
  expect(await example('start', JSON.stringify(request))).toBe('started\n');
  expect(await example('start', JSON.stringify(request))).toBe('the id is in use: nothing was started\n');
  await refunds.until(id, (view) => view.attention !== undefined);
  expect(JSON.parse(await example('show', id))).toMatchObject({
    status: 'needs-attention',
    attention: { reason: 'refused-needs-person' },
  });

  const wrong = { decision: 'mark-failed', by: 'Ana', reason: 'no evidence yet' };
  await expect(example('decide', id, JSON.stringify(wrong))).rejects.toThrow(/was refused: .*evidence/);
  const right = { ...wrong, evidence: 'case 4711' };
  expect(JSON.parse(await example('decide', id, JSON.stringify(right)))).toMatchObject({ status: 'failed' });
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'failed',
    by: 'Ana',
    evidence: 'case 4711',
  });
});
