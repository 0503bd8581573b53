import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RefundClient, type RefundRequest } from '../../src/index.js';
import { FAULTS } from '../../src/sandbox/faults.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { freePorts } from '../../src/testing/free-ports.js';
import { TimeSkipper } from '../../src/testing/time-skipper.js';
import { attentionWebhook, readWorkerConfig } from '../../src/worker/index.js';
import { privateKeyFrom, publicKeysFrom, WorldFirstClient } from '../../src/worldfirst/index.js';
import { Cli } from '../cli/cli.js';
import { signedHeaders } from '../notifications/fixtures.js';
import { cashierBody, stranger } from '../worldfirst/fixtures.js';
import { everythingIn, formsOfKey, Search, type Secret } from './needles.js';
import { Recorder } from './recorder.js';

const WRONG_KEY = stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const WEBHOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
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
let workers: ChildProcess | undefined;
let commands: ChildProcess | undefined;

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
  workers?.kill('SIGKILL');
  commands?.kill('SIGKILL');
  await Promise.all([worldfirst.stop(), webhook.stop(), notified?.stop(), connection.close()]);
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** The configuration of a worker, complete and right. */
const right = () => ({
  ...sandbox.env,
  WORLDFIRST_BASE_URL: worldfirst.url,
  WORLDFIRST_TIMEOUT: '2s',
  REFUND_TASK_QUEUE: queue,
  REFUND_ATTENTION_WEBHOOK_URL: `${webhook.url}/${randomBytes(9).toString('hex')}`,
  REFUND_ATTENTION_WEBHOOK_SECRET: WEBHOOK_SECRET,
});

/** Every mistake with a secret that somebody might make. */
const mistaken = (): Record<string, string>[] => {
  const { WORLDFIRST_PRIVATE_KEY = '', WORLDFIRST_PUBLIC_KEY = '' } = sandbox.env;
  const [secret] = [WEBHOOK_SECRET.slice(6)];
  return [
    { WORLDFIRST_PRIVATE_KEY: WORLDFIRST_PUBLIC_KEY },
    { WORLDFIRST_PUBLIC_KEY: WORLDFIRST_PRIVATE_KEY },
    { WORLDFIRST_PRIVATE_KEY: WORLDFIRST_PRIVATE_KEY.slice(0, 900) },
    { WORLDFIRST_PRIVATE_KEY: WORLDFIRST_PRIVATE_KEY.slice(28, -26).replaceAll('\n', '').slice(0, -40) },
    { WORLDFIRST_PRIVATE_KEY: `${WORLDFIRST_PRIVATE_KEY}${WRONG_KEY}` },
    { WORLDFIRST_PRIVATE_KEY: '', WORLDFIRST_PRIVATE_KEY_FILE: WORLDFIRST_PRIVATE_KEY },
    { WORLDFIRST_PRIVATE_KEY_FILE: WORLDFIRST_PRIVATE_KEY.slice(28, -26).replaceAll('\n', '') },
    { WORLDFIRST_PRIVATE_KEY: '', WORLDFIRST_PRIVATE_KEY_FILE: path.join(folder, 'cut.pem') },
    { WORLDFIRST_BASE_URL: `https://ana:${API_KEY}@worldfirst.example` },
    { WORLDFIRST_KEY_VERSION: `2, signature=${WORLDFIRST_PRIVATE_KEY.slice(28, 80)}` },
    { REFUND_ATTENTION_WEBHOOK_SECRET: secret },
    { REFUND_ATTENTION_WEBHOOK_SECRET: `${WEBHOOK_SECRET.slice(0, -4)}!!!!` },
    { REFUND_ATTENTION_WEBHOOK_URL: '' },
    { REFUND_ATTENTION_WEBHOOK_URL: `https://ana:${secret}@example.com` },
    { REFUND_ATTENTION_WEBHOOK_SECRET: '' },
  ];
};

/** Starts a program of this folder; what it writes is kept. */
function start(name: string, env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file], { env: { PATH, HOME, ...env } });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      written.set(name, (written.get(name) ?? '') + text);
    });
  return child;
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('close', resolve));

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

let called = 0;

/** Runs command lines, each with its environment. */
async function command(...calls: [args: string[], env: Record<string, string>][]): Promise<void> {
  for (const [args, env] of calls) commands?.stdin?.write(`${JSON.stringify({ args, env })}\n`);
  called += calls.length;
  await until(() => (written.get('cli-child') ?? '').includes(`[call ${called} ended with `));
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
    ...mistaken().map((changes, index): [string[], Record<string, string>] => [
      index % 2 ? ['worker', '--json'] : ['notifications', '--port', '0'],
      { ...right(), ...changes },
    ]),
    [['worker'], {}],
    [['worker', '--address', '127.0.0.1:1', '--api-key', API_KEY], right()],
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

let count = 0;

/** A request for every way in which something can fail, and the task queue of the worker that meets it. */
function everyFailure(): { request: RefundRequest; taskQueue: string }[] {
  const worldtrade = (words: string, taskQueue = queue) => {
    count += 1;
    const refundRequestId = `secrets-${process.pid}-${count}`;
    const request = {
      product: 'worldtrade' as const,
      refundRequestId,
      tradeId: `s${count}-${words}`,
    };
    return { request, taskQueue };
  };
  const cashier = (words: string, taskQueue = queue) => {
    count += 1;
    const refundRequestId = `secrets-${process.pid}-${count}`;
    const { refundToDetails, refundReason } = cashierBody;
    const payToId = `s${count}-${words}`;
    return {
      request: { product: 'cashier' as const, refundRequestId, payToId, refundToDetails, refundReason },
      taskQueue,
    };
  };
  return [
    ...FAULTS.flatMap(({ word }) => [
      worldtrade(`query-${word}-${word}-after-inquire-${word}`),
      cashier(`${word}-after-inquire-${word}`),
    ]),
    ...['INVALID_SIGNATURE', 'KEY_NOT_FOUND', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'].map((code) =>
      cashier(`refused-${code}`),
    ),
    worldtrade('phases'),
    worldtrade('plain', `${queue}-wrong-key`),
    cashier('plain', `${queue}-wrong-key`),
    worldtrade('plain', `${queue}-nowhere`),
    cashier('plain', `${queue}-nowhere`),
  ];
}

/** Runs them until they rest, or hang where nobody answers, and keeps all that Temporal has of them. */
async function runEveryFailure(): Promise<void> {
  const skipper = new TimeSkipper(temporal);
  await Promise.all(
    everyFailure().map(async ({ request, taskQueue }) => {
      const refunds = new RefundClient(temporal, { taskQueue });
      const { workflowId } = await skipper.skipOnStart(() =>
        refunds.start(request, { inquiryIntervals: ['1m', '1m'], settlementIntervals: ['1m'] }),
      );
      const handle = temporal.workflow.getHandle(workflowId);
      if (taskQueue.endsWith('nowhere')) await until(() => worksInVain(workflowId));
      else await refunds.untilItRests(request.refundRequestId);
      const { lastAnswer } = await refunds.show(request.refundRequestId);
      if (taskQueue.endsWith('wrong-key')) expect(lastAnswer).toMatchObject({ code: 'INVALID_SIGNATURE' });
      const attention = (await refunds.show(request.refundRequestId)).attention;
      if (attention) await until(() => worksInVain(workflowId));
      const kept = [
        await handle.fetchHistory(),
        (await handle.describe()).raw,
        await handle.query('__temporal_workflow_metadata'),
        await refunds.show(request.refundRequestId),
      ];
      written.set(`Temporal about ${workflowId}`, everythingIn(kept));
      if (attention) await handle.terminate('the test is over');
    }),
  );
}

/** Whether an activity or the sending has failed, and will be tried again. */
async function worksInVain(workflowId: string): Promise<boolean> {
  const { raw } = await temporal.workflow.getHandle(workflowId).describe();
  const hasFailed = raw.pendingActivities?.some(({ lastFailure }) => lastFailure);
  if (hasFailed) return true;
  const { lastAnswer } = await new RefundClient(temporal).show(workflowId.replace('refund:', ''));
  return lastAnswer?.kind === 'notSent';
}

async function notifications(): Promise<void> {
  const env = { ...right(), TEMPORAL_ADDRESS: inject('temporalAddress') };
  const server = cli.start(['notifications', '--port', '0', '--json'], env);
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

/** An error or an object in every way in which a log might write it. */
function inEveryWay(value: unknown): string {
  const { stack, cause, issues } = (value ?? {}) as Error & { issues?: unknown };
  return [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(value) ?? '',
    String(value),
    stack ?? '',
    JSON.stringify(issues) ?? '',
    cause === undefined ? '' : inEveryWay(cause),
  ].join('\n');
}

async function errors(): Promise<void> {
  const config = readWorkerConfig(right());
  const client = new WorldFirstClient(config.worldfirst);
  const { WORLDFIRST_PRIVATE_KEY: pem = '' } = sandbox.env;
  const text = pem.slice(28, -26);
  const options = { baseUrl: 'https://x.example', clientId: 'x', privateKey: pem, publicKeys: pem };
  const attempts: (() => unknown)[] = [
    ...mistaken().map((changes) => () => readWorkerConfig({ ...right(), ...changes })),
    () => privateKeyFrom(pem.slice(0, 500)),
    () => privateKeyFrom(text.slice(0, 500)),
    () => privateKeyFrom(pem + pem),
    () => publicKeysFrom(pem),
    () => new WorldFirstClient(options),
    () =>
      new WorldFirstClient({
        ...options,
        publicKeys: [],
        clientId: pem,
        keyVersion: pem,
        pathPrefix: pem,
        baseUrl: pem,
      }),
    () => attentionWebhook({ url: 'no URL', secret: WEBHOOK_SECRET.slice(3) }),
    () => client.refund({ ...cashierBody, refundReason: '', payToId: pem }),
    () => client.refund({ ...cashierBody, refundToDetails: pem as never }),
  ];
  const thrown = await Promise.all(
    attempts
      .map(async (attempt) => attempt())
      .map((one) =>
        one.then(
          () => 'nothing',
          (error) => error,
        ),
      ),
  );
  expect(thrown).not.toContain('nothing');
  const underWay = client.refund(cashierBody);
  written.set('errors and objects', [...thrown, config, client, client.refund].map(inEveryWay).join('\n'));
  await underWay;
  client.close();
}

test('no secret is written anywhere, whatever fails', { timeout: 120_000 }, async () => {
  workers = start('worker-child', {
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
  commands = start('cli-child', { TEMPORAL_ADDRESS: inject('temporalAddress') });
  const over = Promise.all([workers, commands].map(ended));
  await Promise.all([
    everyCommandWithWrongInput(),
    errors(),
    until(() => /workers ready/.test(written.get('worker-child') ?? '')),
  ]);
  const [sandboxKeys] = await Promise.all([sandboxCommand(), notifications(), runEveryFailure()]);
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
  workers.kill('SIGTERM');
  commands.stdin?.end();
  await over;
  for (const nth of [count - 1, count])
    await temporal.workflow
      .getHandle(`refund:${id(nth)}`)
      .terminate('the test is over')
      .catch(() => {});

  const signatures = [worldfirst, webhook, notified as Recorder].map((recorder) => [...recorder.signatures]);
  for (const seen of signatures) expect(seen.length).toBeGreaterThan(1);
  const search = new Search([
    ...formsOfKey('the private key', sandbox.env.WORLDFIRST_PRIVATE_KEY as string),
    ...formsOfKey('the wrong private key', WRONG_KEY),
    ...sandboxKeys,
    { name: "the webhook's secret", text: WEBHOOK_SECRET },
    { name: "Temporal's API key", text: API_KEY },
    ...signatures.flat().map((text) => ({ name: 'a signature', text })),
  ]);
  expect(written.get('worker-child')).toContain('[DEBUG]');
  const found = [...written].map(([where, text]) => [where, search.in(text)] as const);
  expect(found.filter(([, names]) => names.length > 0)).toEqual([]);
});
