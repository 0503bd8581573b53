import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { registerSearchAttributes } from '../../worker/index.js';

const root = path.resolve(import.meta.dirname, '../..');
const namespace = `readme-${process.pid}`;
const workers: ChildProcess[] = [];
let folder = '';
let sandbox: Sandbox;
let snippets: Map<string, string>;

beforeAll(async () => {
  // Inside the package, so that its own name can be imported as a consumer would.
  folder = await mkdtemp(path.join(root, '.readme-'));
  sandbox = await startSandbox();
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  snippets = new Map(
    [...readme.matchAll(/```ts\n\/\/ ([\w-]+)\.ts\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => [
      name,
      code,
    ]),
  );
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  // The parts of the server hear of a namespace one after the other.
  while (!(await registerSearchAttributes(connection, namespace).catch(() => undefined))) await sleep(200);
  await connection.close();
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** Runs a snippet in a process of its own. */
async function run(name: string, code: string): Promise<ChildProcess> {
  const file = path.join(folder, `${name}.ts`);
  await writeFile(file, code);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    REFUND_TASK_QUEUE: 'readme',
    ...sandbox.env,
  };
  return spawn(process.execPath, ['--import', 'tsx', file], { cwd: root, env });
}

test.each(['refund-worker', 'worker'])(
  "README's snippets work together as they stand: the application gets its refund from %s",
  async (name) => {
    const workflows = snippets.get('workflows') ?? '';
    await writeFile(path.join(folder, 'workflows.ts'), workflows);
    await writeFile(path.join(folder, 'workflows.js'), workflows);
    const worker = await run(name, snippets.get(name) ?? '');
    workers.push(worker);
    const whole = snippets.get('application')?.replaceAll('refund-1', `refund-${name}`) ?? '';
    const code = `${whole.replaceAll('2026112200001', name)}console.log(JSON.stringify(outcome));\nawait connection.close();\n`;
    const application = await run(`application-for-${name}`, code);
    const [said, complaints] = [application.stdout, application.stderr].map((stream) =>
      text(stream as NodeJS.ReadableStream),
    );
    await once(application, 'close');
    expect(await complaints).toBe('');
    expect(JSON.parse((await said) ?? '')).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    worker.kill('SIGTERM');
    await once(worker, 'close');
  },
);
