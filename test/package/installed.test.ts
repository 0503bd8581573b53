// @module-tag long
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import packageJson from '../../package.json' with { type: 'json' };
import { useRefunds } from '../support/environment.js';

// Two package managers install some hundred packages.
vi.setConfig({ hookTimeout: 180_000 });

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const refunds = useRefunds();
const ENTRY_POINTS = Object.keys(packageJson.exports).filter((name) => name !== './package.json');
const TEMPORAL_CLIENT = `@temporalio/client@${packageJson.devDependencies['@temporalio/client']}`;
const NEEDS_WORKER =
  'worldfirst-refunds/worker and worldfirst-refunds/testing need @temporalio/worker, which is not installed: ' +
  `npm install @temporalio/worker@${packageJson.peerDependencies['@temporalio/worker']}`;

let folder = '';
let isReachable = false;

// The package as it is published, in an application that only starts refunds.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refund-package-'));
  isReachable = await run('npm', ['view', TEMPORAL_CLIENT, 'version']).then(
    () => true,
    () => false,
  );
  if (!isReachable) {
    console.error('The installed package is not tested here: npm does not reach its registry');
    return;
  }
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: root });
  const packages = [path.join(folder, JSON.parse(stdout)[0].filename), TEMPORAL_CLIENT];
  const install = async (name: string, file: string, args: string[]) => {
    const cwd = path.join(folder, name);
    await mkdir(cwd);
    await writeFile(path.join(cwd, 'package.json'), '{ "type": "module", "private": true }');
    await run(file, [...args, ...packages], { cwd });
  };
  await Promise.all([
    install('npm', 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']),
    install('pnpm', 'npx', ['--yes', '--loglevel=error', 'pnpm@10', 'add', '--prefer-offline']),
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function applicationTest(title: string, body: () => Promise<void>): void {
  test(title, { timeout: 120_000 }, async (context) => {
    if (!isReachable) return context.skip();
    await body();
  });
}

/** Runs a module in an application, and returns what it printed. */
async function inApplication(name: string, code: string): Promise<unknown> {
  const file = path.join(folder, name, 'application.js');
  await writeFile(file, code);
  const { stdout } = await run(process.execPath, [file], { cwd: path.dirname(file) });
  return JSON.parse(stdout);
}

async function commandLine(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = path.join(folder, 'npm/node_modules/worldfirst-refunds/dist/cli/main.js');
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    REFUND_TASK_QUEUE: refunds.taskQueue,
    ...refunds.sandbox.env,
    // Asks for traces, whose packages are not installed here.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  };
  try {
    return { code: 0, ...(await run(process.execPath, [program, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

for (const manager of ['npm', 'pnpm']) {
  applicationTest(
    `without Temporal's worker, ${manager} installs what the other entry points need`,
    async () => {
      const messages = await inApplication(
        manager,
        `const messages = {};
       for (const name of ${JSON.stringify(ENTRY_POINTS)}) {
         const found = await import(name.replace('.', 'worldfirst-refunds')).catch((error) => error.message);
         messages[name] = typeof found === 'string' ? found : 'loaded';
       }
       console.log(JSON.stringify(messages));`,
      );
      expect(messages).toEqual({
        ...Object.fromEntries(ENTRY_POINTS.map((name) => [name, 'loaded'])),
        './worker': NEEDS_WORKER,
        './testing': NEEDS_WORKER,
      });
    },
  );
}

applicationTest("an application without Temporal's worker starts a refund", async () => {
  const request = refunds.worldtrade('refused-PROCESS_FAIL');
  refunds.started(workflowIdOf(request.refundRequestId));
  const started = await inApplication(
    'npm',
    `import { Client, Connection } from '@temporalio/client';
     import { RefundClient } from 'worldfirst-refunds';
     const connection = await Connection.connect({ address: ${JSON.stringify(inject('temporalAddress'))} });
     const client = new RefundClient(new Client({ connection }), { taskQueue: ${JSON.stringify(refunds.taskQueue)} });
     console.log(JSON.stringify(await client.start(${JSON.stringify(request)})));
     await connection.close();`,
  );
  expect(started).toMatchObject({ refundRequestId: request.refundRequestId, started: true });
  await refunds.until(request.refundRequestId, (view) => view.attention !== undefined);

  const shown = await commandLine('show', request.refundRequestId, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'needs-attention' });
  const audit = ['--by', 'Ada', '--reason', 'the order was closed'];
  const decision = await commandLine(
    'decide',
    request.refundRequestId,
    'mark-failed',
    ...audit,
    '--evidence',
    'T-1',
  );
  expect(decision).toMatchObject({ code: 0 });
  expect(decision.stderr).toMatch(
    /^warning: no traces are exported, .*: npm install '@temporalio\/interceptors-opentelemetry@\S+' .*\n$/,
  );
});

applicationTest("commands that need Temporal's worker say how to install it, and start nothing", async () => {
  for (const command of ['worker', 'dev']) {
    const { code, stderr } = await commandLine(command);
    expect(stderr).toContain(`error: ${NEEDS_WORKER}`);
    expect(code).toBe(2);
  }
});
