// @module-tag long
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, isGrpcDeadlineError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { NoWorkerError, RefundClient } from '../../client/index.js';
import { freePorts } from '../../testing/free-ports.js';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { TimeSkipper } from '../../testing/time-skipper.js';
import { readWorkerConfig } from '../../worker/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import { Cli } from '../cli/cli.js';
import { signedHeaders } from '../notifications/fixtures.js';
import { cashierBody, stranger } from '../worldfirst/fixtures.js';
import { everyFailure } from './failures.js';
import { attempts, type Env, errorOf, everyMistake, inEveryWay } from './mistakes.js';
import { everythingIn, formsOfKey, Search, type Secret } from './needles.js';
import { Recorder } from './recorder.js';

const WRONG_KEY = stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const WEBHOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const WEBHOOK_PATH = randomBytes(16).toString('hex');
const API_KEY = randomBytes(32).toString('base64url');

const queue = `secrets-${process.pid}`;
const cli = new Cli({});
/** All that was written by anything, and where. */
const written = new Map<string, string>();
let sandbox: Sandbox;
let worldfirst: Recorder;
let webhook: Recorder;
let notified: Recorder | undefined;
let folder = '';
let nowhere = '';
let connection: Connection;
let temporal: Client;
let child: ChildProcess | undefined;
const open: WorkflowHandle[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ slow: 4_000 });
  worldfirst = new Recorder(sandbox.url);
  webhook = new Recorder();
  await Promise.all([worldfirst.start(), webhook.start()]);
  folder = await mkdtemp(path.join(tmpdir(), 'secrets-'));
  nowhere = `http://127.0.0.1:${(await freePorts(1))[0]}`;
  connection = await Connection.connect({ address: inject('temporalAddress') });
  temporal = new Client({ connection });
});

afterAll(async () => {
  cli.stop();
  child?.kill('SIGKILL');
  await Promise.all([worldfirst.stop(), webhook.stop(), notified?.stop(), connection.close()]);
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** The configuration of a worker, complete and right. */
const right = (): Env => ({
  ...sandbox.env,
  WORLDFIRST_BASE_URL: worldfirst.url,
  WORLDFIRST_TIMEOUT: '2s',
  REFUND_TASK_QUEUE: queue,
  REFUND_ATTENTION_WEBHOOK_URL: `${webhook.url}/${WEBHOOK_PATH}`,
  REFUND_ATTENTION_WEBHOOK_SECRET: WEBHOOK_SECRET,
});

const mistakes = () => everyMistake(right(), { key: WRONG_KEY, cutFile: path.join(folder, 'cut.pem') });

/** Starts the workers, which take command lines too; what they write is kept. */
function startChild(env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const file = fileURLToPath(new URL('child.ts', import.meta.url));
  const started = spawn(process.execPath, ['--import', 'tsx', file], { env: { PATH, HOME, ...env } });
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text) => written.set('child', said() + text));
  return started;
}

const said = () => written.get('child') ?? '';
const ended = (child: ChildProcess) => new Promise((resolve) => child.once('close', resolve));

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200));
}

let called = 0;

/** Runs command lines, each with its environment. */
async function command(...calls: [args: string[], env: Record<string, string>][]): Promise<void> {
  for (const [args, env] of calls) child?.stdin?.write(`${JSON.stringify({ args, env })}\n`);
  called += calls.length;
  await until(() => said().includes(`[call ${called} ended with `));
}

const ABOUT = ['--by', 'ana', '--reason', 'test'];

async function everyCommandWithWrongInput(): Promise<void> {
  const { WORLDFIRST_PRIVATE_KEY = '' } = sandbox.env;
  await writeFile(path.join(folder, 'cut.pem'), WORLDFIRST_PRIVATE_KEY.slice(0, 1_000));
  // A key in place of what was asked for.
  await writeFile(path.join(folder, 'request.json'), WORLDFIRST_PRIVATE_KEY);
  await writeFile(path.join(folder, 'sandbox-private.pem'), WORLDFIRST_PRIVATE_KEY.slice(0, 1_000));
  const [busy = ''] = [new URL(sandbox.url).port];
  await command(
    ...mistakes().map((changes, index): [string[], Record<string, string>] => [
      index % 2 ? ['worker', '--json'] : ['notifications', '--port', '0'],
      { ...right(), ...changes },
    ]),
    [['worker'], {}],
    [['worker', '--address', '127.0.0.1:1', '--api-key', API_KEY, '--wait-for-temporal', '0s'], right()],
    [
      ['worker', '--log-format', 'json', '--wait-for-temporal', '0s'],
      { ...right(), TEMPORAL_ADDRESS: '127.0.0.1:1' },
    ],
    [['worker', '--log-format', 'json'], { ...right(), ...mistakes()[0] }],
    [['worker', '--namespace', 'not-there'], right()],
    [['notifications', '--port', busy], right()],
    [['notifications', '--port', '0', '--address', '127.0.0.1:1'], right()],
    [['setup', '--address', '127.0.0.1:1'], { ...right(), TEMPORAL_API_KEY: API_KEY }],
    [['list', '--address', '127.0.0.1:1', '--api-key', API_KEY, '--json'], right()],
    [['sandbox', '--port', busy, '--keys', path.join(folder, 'keys')], right()],
    [['sandbox', '--keys', folder], right()],
    [['dev', '--port', 'x'], right()],
    [['refund', path.join(folder, 'request.json')], right()],
    [['refund', 'worldtrade', '--request-id', 'r', '--trade-id', ''], right()],
    [['refund', 'cashier', '--amount', 'USD 1.234', '--json'], right()],
    ...['show', 'check', 'escalate', 'decide'].map((name): [string[], Record<string, string>] => [
      [
        name,
        'no-such-refund',
        ...(name === 'decide' ? ['send-again'] : []),
        ...(name === 'show' ? [] : ABOUT),
      ],
      right(),
    ]),
  );
}

/** Runs them until they rest, or hang where nobody answers, and keeps all that Temporal has of them. */
async function runEveryFailure(): Promise<void> {
  await until(() => said().includes('[workers ready]'));
  const skipper = new TimeSkipper(temporal);
  await Promise.all(
    everyFailure().map(async ({ request, fixture, worker }) => {
      sandbox.addFixture(fixture);
      const taskQueue = worker === 'right' ? queue : `${queue}-${worker}`;
      const refunds = new RefundClient(temporal, { taskQueue });
      const { workflowId } = await skipper.skipOnStart(() =>
        refunds.start(request, { inquiryIntervals: ['1m', '1m'], settlementIntervals: ['1m'] }),
      );
      const handle = temporal.workflow.getHandle(workflowId);
      await until(() => (worker === 'nowhere' ? worksInVain(handle) : rests(handle)));
      const view = await patiently(() => refunds.describe(request.refundRequestId));
      if (worker === 'wrong-key') expect(view.lastAnswer).toMatchObject({ code: 'INVALID_SIGNATURE' });
      if (view.attention) await until(() => hasFailed(handle));
      const kept = [
        view,
        await handle.fetchHistory(),
        (await handle.describe()).raw,
        await patiently(() => handle.query('__temporal_workflow_metadata')),
      ];
      written.set(`Temporal about ${workflowId}`, everythingIn(kept));
      if (view.outcome === undefined) open.push(handle);
    }),
  );
}

async function rests(handle: WorkflowHandle): Promise<boolean> {
  const { status, searchAttributes } = await handle.describe();
  return status.name === 'COMPLETED' || searchAttributes.RefundStatus?.[0] === 'needs-attention';
}

/** Whether an activity has failed, and will be tried again. */
async function hasFailed(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.some(({ lastFailure }) => lastFailure) ?? false;
}

/** Whether nothing came of an activity, so that it will be tried again by Temporal, or by the refund. */
async function worksInVain(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return (
    (await hasFailed(handle)) ||
    (events?.some(({ activityTaskCompletedEventAttributes }) => activityTaskCompletedEventAttributes) ??
      false)
  );
}

/** A machine that has much to do lets workers answer late. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoWorkerError) && !isGrpcDeadlineError((error as Error).cause)) throw error;
    }
  }
}

async function notifications(): Promise<void> {
  const env = { ...right(), TEMPORAL_ADDRESS: inject('temporalAddress') };
  const server = cli.start(['notifications', '--port', '0', '--json', '--log-format', 'json'], env);
  const { url, path: at } = JSON.parse(await server.prints());
  notified = new Recorder(new URL(url).origin);
  await notified.start();
  const body = '{"tradeId":"T-unheard-of","isRefund":"Y"}';
  const to = `${notified.url}${at}`;
  const { acknowledged } = await sandbox.notify({ url: to, tradeId: 'T-unheard-of', isRefund: 'Y' });
  expect(acknowledged).toBe(true);
  const forged = signedHeaders(body, { clientId: sandbox.env.WORLDFIRST_CLIENT_ID as string });
  expect((await fetch(to, { method: 'POST', headers: forged, body })).status).toBe(400);
  const { stdout, stderr } = await server.end('SIGTERM');
  written.set('notifications', `${stdout}\n${stderr}`);
}

/** The sandbox keeps keys of its own, which are nobody's business either. */
async function sandboxCommand(): Promise<Secret[]> {
  const keys = path.join(folder, 'sandbox');
  const running = cli.start(['sandbox', '--json', '--keys', keys]);
  await running.prints();
  const { stdout, stderr } = await running.end('SIGTERM');
  written.set('sandbox', `${stdout}\n${stderr}`);
  const pems = ['partner-private.pem', 'sandbox-private.pem'].map((name) =>
    readFile(path.join(keys, name), 'utf8'),
  );
  return (await Promise.all(pems)).flatMap((pem) => formsOfKey("the sandbox's key", pem));
}

/** Whatever the library can throw at somebody who gives it secrets in the wrong places, and the objects that hold them. */
async function errors(): Promise<void> {
  const config = readWorkerConfig(right());
  const client = new WorldFirstClient(config.worldfirst);
  const thrown = await Promise.all(attempts(right(), mistakes()).map(errorOf));
  expect(thrown).not.toContain(undefined);
  const underWay = client.refund(cashierBody);
  written.set('errors and objects', [...thrown, config, client, client.refund].map(inEveryWay).join('\n'));
  await underWay;
  client.close();
}

test('no secret is written anywhere, whatever fails', { timeout: 400_000 }, async () => {
  child = startChild({
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    ENVIRONMENTS: JSON.stringify([
      right(),
      {
        ...right(),
        REFUND_TASK_QUEUE: `${queue}-wrong-key`,
        WORLDFIRST_TIMEOUT: '20s',
        WORLDFIRST_PRIVATE_KEY: WRONG_KEY,
        REFUND_ATTENTION_WEBHOOK_URL: nowhere,
      },
      { ...right(), REFUND_TASK_QUEUE: `${queue}-nowhere`, WORLDFIRST_BASE_URL: nowhere },
    ]),
  });
  const over = ended(child);
  const [sandboxKeys] = await Promise.all([
    sandboxCommand(),
    notifications(),
    errors(),
    everyCommandWithWrongInput(),
    runEveryFailure(),
  ]);
  const id = (nth: number) => `secrets-${process.pid}-${nth}`;
  await command(
    [['list', '--json'], {}],
    [['list'], {}],
    [['show', id(2)], {}],
    [['show', id(2), '--json'], {}],
    [['check', id(2), ...ABOUT], {}],
    [['decide', id(2), 'send-again', ...ABOUT], {}],
    [['refund', 'worldtrade', '--request-id', id(2), '--trade-id', 'another'], {}],
  );
  for (const handle of open) await handle.terminate('the test is over');
  child.stdin?.end();
  await over;
  const signatures = [worldfirst, webhook, notified as Recorder].map((recorder) => [...recorder.signatures]);
  for (const seen of signatures) expect(seen.length).toBeGreaterThan(1);
  const search = new Search([
    ...formsOfKey('the private key', sandbox.env.WORLDFIRST_PRIVATE_KEY as string),
    ...formsOfKey('the wrong private key', WRONG_KEY),
    ...sandboxKeys,
    { name: "the webhook's secret", text: WEBHOOK_SECRET },
    { name: "the webhook's path", text: WEBHOOK_PATH },
    { name: "Temporal's API key", text: API_KEY },
    ...signatures.flat().map((text) => ({ name: 'a signature', text })),
  ]);
  expect(said()).toContain('[DEBUG]');
  const found = [...written].map(([where, text]) => [where, search.in(text)] as const);
  expect(found.filter(([, names]) => names.length > 0)).toEqual([]);
});
