// @module-tag long
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { startTemporalServer, type TemporalServer } from '../../testing/temporal-server.js';
import { TimeSkipper } from '../../testing/time-skipper.js';
import { noSkippingReason } from '../../testing/time-skipping-support.js';
import { installRuntime } from '../support/runtime.js';
import { asksForEver, enough, inRuns, leaving, parent, tryingLocally } from './workflows/families.js';
import { asking, broken, nudge, progress, waiting, waitingForNudge } from './workflows/waiting.js';

const MINUTE = 60_000;
const WAITS = [5, 10, 20, 40, 80, 160, 320].map((minutes) => minutes * MINUTE);
const ALL_OVER = [5, 15, 35, 75, 155, 315, 635].map((end, index) => `${end} min: wait ${index + 1} is over`);
const HOUR = 60 * MINUTE;
const taskQueue = 'time-skipper';
const workflowsPath = fileURLToPath(new URL('workflows/index.ts', import.meta.url));

installRuntime({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let server: TemporalServer;
let connection: Connection;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let workflowBundle: WorkflowBundleWithSourceMap;
let client: Client;
let skipper: TimeSkipper;
let count = 0;

const attempts = new Map<string, number>();
const activities = {
  /** Fails the given number of times. */
  async flaky(name: string, failures: number): Promise<void> {
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    if (attempt <= failures) throw new Error('not yet');
  },
};

beforeAll(async () => {
  server = await startTemporalServer({ timeSkipping: true });
  const { address } = server;
  connection = await Connection.connect({ address });
  client = new Client({ connection });
  skipper = new TimeSkipper(client);
  native = await NativeConnection.connect({ address });
  workflowBundle = await bundleWorkflowCode({ workflowsPath });
  worker = await Worker.create({
    ...NO_CODE_LIMIT,
    connection: native,
    taskQueue,
    workflowBundle,
    activities,
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await native.close();
  await connection.close();
  await server.stop();
});

const next = () => ({ taskQueue, workflowId: `skipped-${++count}` });
const startWaiting = (waits = WAITS) => client.workflow.start(waiting, { ...next(), args: [waits] });

describe('skipped waits', () => {
  test('take no real time, and have their full length on the workflow’s clock', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting());
    expect(await handle.result()).toEqual(ALL_OVER);
  });

  test('begin with resume for a workflow that was started in real time', async () => {
    const handle = await startWaiting();
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toEqual(ALL_OVER);
    await skipper.resume(handle.workflowId);
  });

  test('leave a history that replays', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting());
    await handle.result();
    await Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory(), handle.workflowId);
  });

  test('begin with a signal-with-start', async () => {
    const handle = await skipper.skipOnStart(() =>
      client.workflow.signalWithStart(waiting, {
        ...next(),
        args: [WAITS.slice(0, 2)],
        signal: nudge,
        signalArgs: ['the start'],
      }),
    );
    expect(await handle.result()).toEqual(['0 min: nudged by the start in wait 1', '10 min: wait 2 is over']);
  });

  test('begin with an update-with-start', async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation(waiting, {
      ...next(),
      args: [WAITS.slice(0, 2)],
      workflowIdConflictPolicy: 'FAIL',
    });
    const answer = await skipper.skipOnStart(() =>
      client.workflow.executeUpdateWithStart(asking, { args: ['there?'], startWorkflowOperation }),
    );
    expect(answer).toBe('there? yes');
    expect(await (await startWorkflowOperation.workflowHandle()).result()).toHaveLength(2);
  });

  test('include the waits between activity retries', async () => {
    const options = next();
    await skipper.skipOnStart(() =>
      client.workflow.execute('trying', { ...options, args: [options.workflowId, 4] }),
    );
    expect(attempts.get(options.workflowId)).toBe(5);
  });

  test('do not affect a concurrent start elsewhere', async () => {
    const [skipped, other] = await Promise.all([skipper.skipOnStart(() => startWaiting()), startWaiting()]);
    expect(await skipped.result()).toEqual(ALL_OVER);
    expect(await other.query(progress)).toEqual([]);
  });
});

describe('a message during a wait can be sent', () => {
  test('after a number of minutes', async () => {
    const handle = await startWaiting();
    await skipper.fastForward(handle.workflowId, 36 * MINUTE);
    expect(await handle.query(progress)).toEqual(ALL_OVER.slice(0, 3));
    await handle.signal(nudge, 'a person');
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toEqual([
      ...ALL_OVER.slice(0, 3),
      '36 min: nudged by a person in wait 4',
      '116 min: wait 5 is over',
      '276 min: wait 6 is over',
      '596 min: wait 7 is over',
    ]);
  });

  test('after a number of timers', async () => {
    const handle = await startWaiting();
    await skipper.pastNextTimer(handle.workflowId);
    await skipper.pastNextTimer(handle.workflowId);
    expect(await handle.query(progress)).toEqual(ALL_OVER.slice(0, 2));
    await handle.signal(nudge, 'a person');
    await skipper.settled(handle.workflowId);
    expect(await handle.query(progress)).toHaveLength(3);
    await skipper.pastNextTimer(handle.workflowId);
    expect((await handle.query(progress)).slice(2)).toEqual([
      '15 min: nudged by a person in wait 3',
      '55 min: wait 4 is over',
    ]);
  });

  test('after days without a timer', async () => {
    const handle = await client.workflow.start(waitingForNudge, next());
    const before = await skipper.virtualNow(handle.workflowId);
    await skipper.fastForward(handle.workflowId, 3 * 24 * 60 * MINUTE);
    const passed = (await skipper.virtualNow(handle.workflowId)).getTime() - before.getTime();
    expect(passed).toBeGreaterThanOrEqual(3 * 24 * 60 * MINUTE);
    await handle.signal(nudge, 'at last');
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toBe('at last');
  });

  test('after a pause at any place', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting(Array(100).fill(60 * MINUTE)));
    await skipper.pause(handle.workflowId);
    const first = await handle.query(progress);
    await handle.signal(nudge, 'a person');
    const second = await handle.query(progress);
    expect(second.slice(0, first.length)).toEqual(first);
    expect(second.at(-1)).toMatch(`nudged by a person in wait ${first.length + 1}`);
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toHaveLength(100);
  });
});

describe('time skipping works for', () => {
  test('a workflow with more waits than the server’s default limit of skips', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting(Array(250).fill(HOUR)));
    expect(await handle.result()).toHaveLength(250);
  });

  test('children of a skipping workflow', async () => {
    const waits = [HOUR, 3 * HOUR];
    expect(
      await skipper.skipOnStart(() => client.workflow.execute(parent, { ...next(), args: [waits] })),
    ).toBe(2);
  });

  test('running children, which pause and resume with their parent', async () => {
    const handle = await client.workflow.start(parent, { ...next(), args: [[HOUR]] });
    await skipper.settled(handle.workflowId);
    await skipper.pause(handle.workflowId);
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toBe(1);
  });

  test('a child, which has its own clock', async () => {
    const handle = await client.workflow.start(parent, { ...next(), args: [[2 * HOUR]] });
    await skipper.settled(handle.workflowId);
    const [child] = (await handle.describe()).raw.pendingChildren ?? [];
    const childId = child?.workflowId ?? '';
    const before = await skipper.virtualNow(childId);
    await skipper.fastForward(childId, HOUR);
    expect((await skipper.virtualNow(childId)).getTime() - before.getTime()).toBeGreaterThanOrEqual(HOUR);
    await skipper.resume(childId);
    expect(await handle.result()).toBe(1);
  });

  test('an abandoned child', async () => {
    const handle = await skipper.skipOnStart(() =>
      client.workflow.start(leaving, { ...next(), args: [HOUR] }),
    );
    await client.workflow.getHandle(await handle.result()).result();
  });

  test('workflows that continue as new', async () => {
    const handle = await skipper.skipOnStart(() =>
      client.workflow.start(inRuns, { ...next(), args: [HOUR, 3] }),
    );
    expect(await handle.result()).toBeGreaterThanOrEqual(3 * HOUR);
    const other = await client.workflow.start(inRuns, { ...next(), args: [HOUR, 3] });
    await skipper.pastNextTimer(other.workflowId);
    await skipper.resume(other.workflowId);
    expect(await other.result()).toBeGreaterThanOrEqual(3 * HOUR);
  });

  test('a workflow that polls for ever, up to a point in time', async () => {
    const handle = await client.workflow.start(asksForEver, next());
    await skipper.fastForward(handle.workflowId, 48 * HOUR + 30 * MINUTE);
    await handle.signal(enough);
    expect(await handle.result()).toBe(48);
  });

  test('local activities with long retry intervals', async () => {
    const options = next();
    await skipper.skipOnStart(() =>
      client.workflow.execute(tryingLocally, { ...options, args: [options.workflowId, 2] }),
    );
    expect(attempts.get(options.workflowId)).toBe(3);
  });
});

describe('until', () => {
  test('moves the clock to a point in time and stops there', async () => {
    const handle = await startWaiting();
    const startedAt = await skipper.virtualNow(handle.workflowId);
    const time = new Date(startedAt.getTime() + 36 * MINUTE);
    await skipper.until(handle.workflowId, time);
    expect(await handle.query(progress)).toEqual(ALL_OVER.slice(0, 3));
    expect((await skipper.virtualNow(handle.workflowId)).getTime()).toBeGreaterThanOrEqual(time.getTime());
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toEqual(ALL_OVER);
  });

  test('refuses a time in the past and an invalid date', async () => {
    const { workflowId } = await startWaiting();
    await expect(skipper.until(workflowId, new Date('2020-01-01'))).rejects.toThrow(
      /cannot move to 2020-01-01T00:00:00\.000Z, which is in the past: its clock shows/,
    );
    await expect(skipper.until(workflowId, new Date('soon'))).rejects.toThrow(
      /cannot move to an invalid date/,
    );
  });
});

describe('an error is thrown for', () => {
  test('pastNextTimer without a timer', async () => {
    const { workflowId } = await client.workflow.start(waitingForNudge, next());
    await expect(skipper.pastNextTimer(workflowId)).rejects.toThrow(`${workflowId} has no timer`);
  });

  test('a fast-forward beyond the end of the workflow', async () => {
    const { workflowId } = await startWaiting(WAITS.slice(0, 1));
    await expect(skipper.fastForward(workflowId, 24 * 60 * MINUTE)).rejects.toThrow(
      `${workflowId} could not be fast-forwarded: the execution ended`,
    );
  });

  test('a fast-forward while a child runs', async () => {
    const { workflowId } = await client.workflow.start(parent, { ...next(), args: [[HOUR]] });
    await skipper.settled(workflowId);
    await expect(skipper.fastForward(workflowId, MINUTE)).rejects.toThrow(
      /waits for its child .* Move the clock of the child/,
    );
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a fast-forward by %s milliseconds',
    async (milliseconds) => {
      const { workflowId } = await startWaiting();
      await expect(skipper.fastForward(workflowId, milliseconds)).rejects.toThrow(
        `A clock can move by 0 to 315576000000000 milliseconds, not by ${milliseconds}`,
      );
    },
  );

  test('a fast-forward of a workflow whose code throws', async () => {
    const { workflowId } = await client.workflow.start(broken, next());
    const why = `${workflowId} is stuck, because its workflow task fails: a bug of the workflow`;
    const polls: Promise<unknown>[] = [];
    const workflowService = new Proxy(client.workflowService, {
      get(service, method) {
        if (method !== 'pollWorkflowExecutionTimeSkipping') return Reflect.get(service, method);
        return (request: object) => {
          const poll = service.pollWorkflowExecutionTimeSkipping(request);
          polls.push(poll);
          return poll;
        };
      },
    });
    const watched: Client = Object.create(client, { workflowService: { value: workflowService } });
    await expect(new TimeSkipper(watched).fastForward(workflowId, HOUR)).rejects.toThrow(why);
    // An open call would be retried after the server has stopped, and that would end the process.
    await expect(polls.at(-1)).rejects.toThrow(/cancelled/i);
    await expect(skipper.settled(workflowId)).rejects.toThrow(why);
  });

  test('a workflow that does not exist', async () => {
    await expect(skipper.resume('no-such-workflow')).rejects.toThrow(/not found/);
    await expect(skipper.fastForward('no-such-workflow', MINUTE)).rejects.toThrow(/not found/);
  });

  test('a server without time skipping, before anything is started', async () => {
    const plain = await startTemporalServer();
    const plainConnection = await Connection.connect({ address: plain.address });
    const without = new TimeSkipper(new Client({ connection: plainConnection }));
    expect(await skipper.isSupported()).toBe(true);
    expect(await without.isSupported()).toBe(false);
    let started = false;
    const starting = without.skipOnStart(async () => {
      started = true;
    });
    await expect(starting).rejects.toThrow(
      /server 1\.\d+\.\S+ does not skip time in namespace default.*dynamic-config-value frontend\.Work/,
    );
    expect(started).toBe(false);
    await expect(without.resume('any')).rejects.toThrow('timeSkipping: true');
    await plainConnection.close();
    await plain.stop();
  });

  test.each([
    ['1.29.1', 'needs 1.32 or newer'],
    ['0.28.0', 'needs 1.32 or newer'],
    ['1.32.0', 'without --dynamic-config-value'],
    ['1.40.0-rc.1', 'without --dynamic-config-value'],
    ['2.0.0', 'without --dynamic-config-value'],
  ])('the server version %s without time skipping: %s', (version, reason) => {
    expect(noSkippingReason(version, 'payments')).toContain(
      `The Temporal server ${version} does not skip time in namespace payments`,
    );
    expect(noSkippingReason(version, 'payments')).toContain(reason);
  });
});
