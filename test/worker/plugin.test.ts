// @module-tag long
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { Client, type ClientInterceptors } from '@temporalio/client';
import { SimplePlugin } from '@temporalio/plugin';
import {
  bundleWorkflowCode,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { RefundClient, workflowIdOf } from '../../client/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import {
  ConfigurationError,
  createRefundWorker,
  RefundPlugin,
  type RefundWorkerOptions,
  readWorkerConfig,
  refundWorkflowBundlePath,
} from '../../worker/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import { useConnections } from '../support/connections.js';
import { forwardTo, serveSockets } from '../support/loopback.js';
import { NOBODY } from './fixtures.js';

const on = useConnections();

const workflowsPath = fileURLToPath(new URL('./application/workflows.ts', import.meta.url));
const interceptorsPath = fileURLToPath(new URL('./application/interceptors.ts', import.meta.url));
let count = 0;
const newId = () => `plugin-${process.pid}-${++count}`;

/** Runs one refund on a worker, which is at an end afterwards. */
async function refundOn(worker: Worker): Promise<{ status: string; memo: Record<string, unknown> }> {
  const id = newId();
  const { taskQueue } = worker.options;
  const client = new Client({ connection: on.connection });
  const refunds = new RefundClient(client, { taskQueue });
  const { status } = await worker.runUntil(async () => {
    await refunds.start({ product: 'worldtrade', refundRequestId: id, tradeId: id });
    return refunds.result(id);
  });
  const { memo = {} } = await client.workflow.getHandle(workflowIdOf(id)).describe();
  return { status, memo };
}

/** Ends a worker that no test has run. */
async function discard(worker: Worker): Promise<void> {
  await worker.runUntil(Promise.resolve());
}

const withPlugin = (more: Partial<WorkerOptions> = {}) =>
  Worker.create({
    ...NO_CODE_LIMIT,
    connection: on.native,
    taskQueue: newId(),
    plugins: [new RefundPlugin(readWorkerConfig(on.sandbox.env))],
    ...more,
  });

test('one line makes a worker of all that the environment says, and closes the client that it made', async () => {
  const way = await serveSockets(forwardTo(new URL(on.sandbox.url).host));
  const taskQueue = newId();
  const env = {
    ...on.sandbox.env,
    WORLDFIRST_BASE_URL: way.url,
    WORLDFIRST_CALLS_PER_SECOND: '40',
    REFUND_TASK_QUEUE: taskQueue,
  };
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection: on.native,
    ...readWorkerConfig(env),
  });
  expect(worker.options).toMatchObject({ taskQueue, maxTaskQueueActivitiesPerSecond: 18 });
  expect(await refundOn(worker)).toMatchObject({ status: 'succeeded' });
  expect(way.sockets.size).toBeGreaterThan(0);
  await expect.poll(() => [...way.sockets].every(({ destroyed }) => destroyed)).toBe(true);
});

test('a client that is given stays open for its owner when the worker has ended', async () => {
  const worldfirst = new WorldFirstClient(readWorkerConfig(on.sandbox.env).worldfirst);
  onTestFinished(() => worldfirst.close());
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection: on.native,
    taskQueue: newId(),
    worldfirst,
  });
  await refundOn(worker);
  expect(await worldfirst.queryTradeOrder({ tradeId: newId() })).toMatchObject({ kind: 'success' });
});

test('a worker with the plugin and without workflows of its own has the prebuilt bundle and a minute of grace', async () => {
  const worker = await withPlugin();
  expect(worker.options.workflowBundle).toEqual({ codePath: refundWorkflowBundlePath });
  expect(worker.options.shutdownGraceTimeMs).toBe(60_000);
  expect(await refundOn(worker)).toMatchObject({ status: 'succeeded' });
});

test('what the application sets itself stays: its grace time and its lower rate', async () => {
  const worker = await withPlugin({
    shutdownGraceTime: '5s',
    maxTaskQueueActivitiesPerSecond: 3,
    plugins: [new RefundPlugin({ worldfirst: NOBODY, callsPerSecond: 100 })],
  });
  const { shutdownGraceTimeMs, maxTaskQueueActivitiesPerSecond } = worker.options;
  await discard(worker);
  expect({ shutdownGraceTimeMs, maxTaskQueueActivitiesPerSecond }).toEqual({
    shutdownGraceTimeMs: 5_000,
    maxTaskQueueActivitiesPerSecond: 3,
  });
});

test("a limit of the plugin counts where the application's own is higher", async () => {
  const worker = await withPlugin({
    maxTaskQueueActivitiesPerSecond: 1_000,
    plugins: [new RefundPlugin({ worldfirst: NOBODY, callsPerSecond: 20 })],
  });
  const { maxTaskQueueActivitiesPerSecond } = worker.options;
  await discard(worker);
  expect(maxTaskQueueActivitiesPerSecond).toBe(8);
});

test('the plugin on a connection serves its workers and clients, and the same one on the worker changes nothing', async () => {
  const plugin = new RefundPlugin(readWorkerConfig(on.sandbox.env));
  const address = inject('temporalAddress');
  const withIt = await NativeConnection.connect({ address, plugins: [plugin] });
  onTestFinished(() => withIt.close());
  const client = new Client({ connection: withIt, plugins: [plugin] });
  expect(client.options.plugins.map(({ name }) => name)).toContain('worldfirst-refunds');
  const worker = await Worker.create({
    ...NO_CODE_LIMIT,
    connection: withIt,
    taskQueue: newId(),
    plugins: [plugin],
  });
  expect(await refundOn(worker)).toMatchObject({ status: 'succeeded' });
  const another = await Worker.create({ ...NO_CODE_LIMIT, connection: withIt, taskQueue: newId() });
  expect(await refundOn(another)).toMatchObject({ status: 'succeeded' });
});

test("of two plugins the worker's counts, not its connection's", async () => {
  const address = inject('temporalAddress');
  const onConnection = new RefundPlugin({ worldfirst: NOBODY, callsPerSecond: 20 });
  const withIt = await NativeConnection.connect({ address, plugins: [onConnection] });
  onTestFinished(() => withIt.close());
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection: withIt,
    ...readWorkerConfig(on.sandbox.env),
    taskQueue: newId(),
  });
  expect(worker.options.maxTaskQueueActivitiesPerSecond).toBeUndefined();
  expect(await refundOn(worker)).toMatchObject({ status: 'succeeded' });
});

const refundsPlugin = () => new RefundPlugin(readWorkerConfig(on.sandbox.env));

test.each([
  ['before', (other: SimplePlugin) => [other, refundsPlugin()]],
  ['after', (other: SimplePlugin) => [refundsPlugin(), other]],
])(
  'workflows and interceptors of a plugin that comes %s it take effect beside refunds',
  async (_, plugins) => {
    const workerInterceptors = { workflowModules: [interceptorsPath] };
    const other = new SimplePlugin({ name: 'other', workflowsPath, workerInterceptors });
    const worker = await withPlugin({ plugins: plugins(other) });
    const { taskQueue } = worker.options;
    const [refund, greeting] = await Promise.all([
      refundOn(worker),
      new Client({ connection: on.connection }).workflow.execute('greet', {
        taskQueue,
        workflowId: newId(),
        args: ['you'],
      }),
    ]);
    expect(refund).toMatchObject({ status: 'succeeded', memo: { intercepted: true } });
    expect(greeting).toBe('hello you');
  },
);

test.each<[string, Partial<RefundWorkerOptions>]>([
  ['workflow interceptors', { interceptors: { workflowModules: [interceptorsPath] } }],
  ['options of the bundler', { bundlerOptions: { ignoreModules: ['fs'] } }],
])('%s of the application take effect in a refund worker', async (_, more) => {
  const config = readWorkerConfig(on.sandbox.env);
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection: on.native,
    ...config,
    taskQueue: newId(),
    ...more,
  });
  expect(worker.options.workflowBundle).toBeUndefined();
  const { status, memo } = await refundOn(worker);
  expect(status).toBe('succeeded');
  expect(memo.intercepted).toBe('interceptors' in more ? true : undefined);
});

test('a bundle that the application makes with the plugin loads the modules of refunds once for all of them', async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    plugins: [new RefundPlugin({ worldfirst: NOBODY })],
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  const modules: Record<string, unknown> = {};
  const context = createContext({ __webpack_module_cache__: modules, TextEncoder, TextDecoder });
  runInContext(code, context);
  const isLoaded = () => Object.keys(modules).some((name) => name.endsWith('/dist/workflows/refund.js'));
  expect(isLoaded()).toBe(false);
  runInContext('__TEMPORAL__.preloadModules()', context);
  expect(isLoaded()).toBe(true);
});

test.each(['refund', 'applyRefund', 'notifyAttention'])(
  "an application's own activity %s is refused when the worker is created, and not replaced",
  async (name) => {
    const clash = { activities: { [name]: async () => 'mine', other: async () => 'mine' } };
    const creations = [
      withPlugin(clash),
      createRefundWorker({ connection: on.native, taskQueue: newId(), worldfirst: NOBODY, ...clash }),
    ];
    for (const creation of creations) {
      await expect(creation).rejects.toBeInstanceOf(ConfigurationError);
      await expect(creation).rejects.toMatchObject({
        issues: [{ path: `activities.${name}`, message: expect.stringContaining('Rename it') }],
      });
    }
  },
);

test('another workflow with the name refund never runs in place of a refund', async () => {
  const clashing = fileURLToPath(new URL('./application/own-refund.ts', import.meta.url));
  const worker = await withPlugin({ workflowsPath: clashing });
  const id = newId();
  // The task that the wrong worker takes along when it stops goes to the right one after this time, 10 s by default.
  const interceptors: ClientInterceptors = {
    workflow: [
      {
        start: ({ options, ...input }, next) =>
          next({ ...input, options: { ...options, workflowTaskTimeout: { seconds: 2 as never } } }),
      },
    ],
  };
  const client = new Client({ connection: on.connection, interceptors });
  const refunds = new RefundClient(client, { taskQueue: worker.options.taskQueue });
  const handle = client.workflow.getHandle(workflowIdOf(id));
  const failureOf = async () => {
    const { events } = await handle.fetchHistory();
    return events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes
      ?.failure?.message;
  };
  await worker.runUntil(async () => {
    await refunds.start({ product: 'worldtrade', refundRequestId: id, tradeId: id });
    await expect.poll(failureOf).toContain('has another workflow named refund. Nothing is sent now.');
  });
  // A worker with the right one continues it.
  const right = await withPlugin({ taskQueue: worker.options.taskQueue, workflowsPath });
  const { status } = await right.runUntil(refunds.result(id));
  expect(status).toBe('succeeded');
});

test('a plugin that comes later and replaces an activity of refunds is named before the worker takes any task', async () => {
  const other = new SimplePlugin({ name: 'other', activities: { refund: async () => 'mine' } });
  // The SDK closes no connection of a worker that was created and not run.
  const leftOpen = await NativeConnection.connect({ address: inject('temporalAddress') });
  const plugins = [new RefundPlugin({ worldfirst: NOBODY }), other];
  const worker = await withPlugin({ connection: leftOpen, plugins });
  await expect(worker.run()).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('activities.refund is already an activity of this worker'),
  });
  expect(worker.getState()).toBe('INITIALIZED');
});

test('without options for WorldFirst the plugin says what is missing', () => {
  // @ts-expect-error an application in JavaScript
  expect(() => new RefundPlugin({})).toThrow('worldfirst is missing: pass readWorkerConfig(process.env)');
});

test('warnings of the configuration are logged, and a task queue that is not the one of the worker is one of them', async () => {
  const warn = vi.spyOn(Runtime.instance().logger, 'warn');
  onTestFinished(() => warn.mockRestore());
  const config = readWorkerConfig({
    ...on.sandbox.env,
    REFUND_TASK_QUEUE: 'payments-refunds',
    WORLDFIRST_TIMEOUTS: '1s',
  });
  await discard(await withPlugin({ taskQueue: 'payments', plugins: [new RefundPlugin(config)] }));
  const lines = warn.mock.calls.map(([line]) => line);
  expect(lines).toEqual([
    'WORLDFIRST_TIMEOUTS is not a known variable. Did you mean WORLDFIRST_TIMEOUT?',
    expect.stringMatching(/task queue "payments-refunds", and this worker has the task queue "payments"/),
  ]);
});

test('an environment without a task queue leaves the one of the worker without a warning', async () => {
  const warn = vi.spyOn(Runtime.instance().logger, 'warn');
  onTestFinished(() => warn.mockRestore());
  await discard(await withPlugin({ taskQueue: 'payments' }));
  expect(warn.mock.calls).toEqual([]);
});

test('the keys of the environment encrypt for a worker that has no data converter, and not in place of its own', async () => {
  const config = readWorkerConfig({ ...on.sandbox.env, REFUND_ENCRYPTION_KEYS: newKeyEntry('2026') });
  const plugins = [new RefundPlugin(config)];
  const [encrypting, own] = [await withPlugin({ plugins }), await withPlugin({ plugins, dataConverter: {} })];
  expect(encrypting.options.dataConverter).toBe(config.dataConverter);
  expect(encrypting.options.workflowBundle).toEqual({
    codePath: refundWorkflowBundlePath.replace('.js', '-encoded-failures.js'),
  });
  expect(own.options.dataConverter).toEqual({});
  expect(own.options.workflowBundle).toEqual({ codePath: refundWorkflowBundlePath });
  await Promise.all([encrypting, own].map(discard));
});

test('the deployment of the environment is that of a worker that has none, and a wrong one is refused', async () => {
  const names = { TEMPORAL_DEPLOYMENT_NAME: 'plugin', TEMPORAL_WORKER_BUILD_ID: '1.4.0' };
  const config = readWorkerConfig({ ...on.sandbox.env, ...names });
  const worker = await withPlugin({ plugins: [new RefundPlugin(config)] });
  const version = { deploymentName: 'plugin', buildId: '1.4.0' };
  const deployment = {
    useWorkerVersioning: true,
    version,
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  } as const;
  expect(worker.options.workerDeploymentOptions).toEqual(deployment);
  await discard(worker);
  const wrong = { ...deployment, version: { ...version, deploymentName: 'plugin.v1' } };
  await expect(withPlugin({ workerDeploymentOptions: wrong })).rejects.toThrow(ConfigurationError);
});

test('a worker with a data converter of its own keeps it, and a warning says that the configured one is not used', async () => {
  const warn = vi.spyOn(Runtime.instance().logger, 'warn');
  onTestFinished(() => warn.mockRestore());
  const dataConverter = { payloadCodecs: [] };
  const plugin = new RefundPlugin({ worldfirst: NOBODY, dataConverter: { payloadCodecs: [] } });
  const worker = await withPlugin({ dataConverter, plugins: [plugin] });
  await discard(worker);
  expect(worker.options.dataConverter).toBe(dataConverter);
  expect(warn.mock.calls.map(([line]) => line)).toEqual([expect.stringContaining('its own data converter')]);
});
