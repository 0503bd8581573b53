import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTemporalServer, type TemporalServer } from '../../testing/temporal-server.js';
import { TimeSkipper } from '../../testing/time-skipper.js';
import { noSkippingReason } from '../../testing/time-skipping-support.js';
import { asksForEver, enough, inRuns, leaving, parent, tryingInPassing } from './workflows/families.js';
import { asking, broken, nudge, progress, waiting, waitingForNudge } from './workflows/waiting.js';

const MINUTE = 60_000;
const WAITS = [5, 10, 20, 40, 80, 160, 320].map((minutes) => minutes * MINUTE);
const ALL_OVER = [5, 15, 35, 75, 155, 315, 635].map((end, index) => `${end} min: wait ${index + 1} is over`);
const HOUR = 60 * MINUTE;
const taskQueue = 'time-skipper';
const workflowsPath = fileURLToPath(new URL('workflows/index.ts', import.meta.url));

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let server: TemporalServer;
let connection: Connection;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let client: Client;
let skipper: TimeSkipper;
let count = 0;

const attempts = new Map<string, number>();
const activities = {
  /** Fails as often as it is told. */
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
  worker = await Worker.create({ connection: native, taskQueue, workflowsPath, activities });
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

describe('waits that nobody wants to sit through', () => {
  test('the seven documented ones are over at once, and none is shorter for the workflow', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting());
    expect(await handle.result()).toEqual(ALL_OVER);
  });

  test('a workflow that was started in real time is told to skip afterwards', async () => {
    const handle = await startWaiting();
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toEqual(ALL_OVER);
    await skipper.resume(handle.workflowId);
  });

  test('what it has recorded replays', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting());
    await handle.result();
    await Worker.runReplayHistory({ workflowsPath }, await handle.fetchHistory(), handle.workflowId);
  });

  test('started by a signal', async () => {
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

  test('started by an update', async () => {
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

  test('activity retries are not waited for either', async () => {
    const options = next();
    await skipper.skipOnStart(() =>
      client.workflow.execute('trying', { ...options, args: [options.workflowId, 4] }),
    );
    expect(attempts.get(options.workflowId)).toBe(5);
  });

  test('a start elsewhere at the same time waits in real time', async () => {
    const [skipped, other] = await Promise.all([skipper.skipOnStart(() => startWaiting()), startWaiting()]);
    expect(await skipped.result()).toEqual(ALL_OVER);
    expect(await other.query(progress)).toEqual([]);
  });
});

describe('a message in the middle of a wait', () => {
  test('after so many minutes', async () => {
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

  test('after so many timers, whatever their lengths', async () => {
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

  test('days later, with no timer at all', async () => {
    const handle = await client.workflow.start(waitingForNudge, next());
    const before = await skipper.virtualNow(handle.workflowId);
    await skipper.fastForward(handle.workflowId, 3 * 24 * 60 * MINUTE);
    const passed = (await skipper.virtualNow(handle.workflowId)).getTime() - before.getTime();
    expect(passed).toBeGreaterThanOrEqual(3 * 24 * 60 * MINUTE);
    await handle.signal(nudge, 'at last');
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toBe('at last');
  });

  test('anywhere: paused, it stays where it is', async () => {
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

describe('workflows of every kind', () => {
  test('with more waits than the server would skip by itself', async () => {
    const handle = await skipper.skipOnStart(() => startWaiting(Array(250).fill(HOUR)));
    expect(await handle.result()).toHaveLength(250);
  });

  test('children skip with their parent', async () => {
    const waits = [HOUR, 3 * HOUR];
    expect(
      await skipper.skipOnStart(() => client.workflow.execute(parent, { ...next(), args: [waits] })),
    ).toBe(2);
  });

  test('children that are there already are taken along, and pause with their parent', async () => {
    const handle = await client.workflow.start(parent, { ...next(), args: [[HOUR]] });
    await skipper.settled(handle.workflowId);
    await skipper.pause(handle.workflowId);
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toBe(1);
  });

  test('a child has a clock of its own', async () => {
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

  test('a child that was left behind goes on skipping', async () => {
    const handle = await skipper.skipOnStart(() =>
      client.workflow.start(leaving, { ...next(), args: [HOUR] }),
    );
    await client.workflow.getHandle(await handle.result()).result();
  });

  test('that continue as new', async () => {
    const handle = await skipper.skipOnStart(() =>
      client.workflow.start(inRuns, { ...next(), args: [HOUR, 3] }),
    );
    expect(await handle.result()).toBeGreaterThanOrEqual(3 * HOUR);
    const other = await client.workflow.start(inRuns, { ...next(), args: [HOUR, 3] });
    await skipper.pastNextTimer(other.workflowId);
    await skipper.resume(other.workflowId);
    expect(await other.result()).toBeGreaterThanOrEqual(3 * HOUR);
  });

  test('that poll for ever: they are let run for two days, and then it is enough', async () => {
    const handle = await client.workflow.start(asksForEver, next());
    await skipper.fastForward(handle.workflowId, 48 * HOUR + 30 * MINUTE);
    await handle.signal(enough);
    expect(await handle.result()).toBe(48);
  });

  test('local activities that are tried again much later', async () => {
    const options = next();
    await skipper.skipOnStart(() =>
      client.workflow.execute(tryingInPassing, { ...options, args: [options.workflowId, 2] }),
    );
    expect(attempts.get(options.workflowId)).toBe(3);
  });
});

describe('until a point in time', () => {
  test('the clock goes there, and stays', async () => {
    const handle = await startWaiting();
    const startedAt = await skipper.virtualNow(handle.workflowId);
    const time = new Date(startedAt.getTime() + 36 * MINUTE);
    await skipper.until(handle.workflowId, time);
    expect(await handle.query(progress)).toEqual(ALL_OVER.slice(0, 3));
    expect((await skipper.virtualNow(handle.workflowId)).getTime()).toBeGreaterThanOrEqual(time.getTime());
    await skipper.resume(handle.workflowId);
    expect(await handle.result()).toEqual(ALL_OVER);
  });

  test('no clock goes back', async () => {
    const { workflowId } = await startWaiting();
    await expect(skipper.until(workflowId, new Date('2020-01-01'))).rejects.toThrow(
      /cannot go back.*is over/,
    );
    await expect(skipper.until(workflowId, new Date('soon'))).rejects.toThrow(/the time asked for is none/);
  });
});

describe('what cannot be', () => {
  test('past the next timer where there is none', async () => {
    const { workflowId } = await client.workflow.start(waitingForNudge, next());
    await expect(skipper.pastNextTimer(workflowId)).rejects.toThrow(`${workflowId} waits for no timer`);
  });

  test('further than to the end', async () => {
    const { workflowId } = await startWaiting(WAITS.slice(0, 1));
    await expect(skipper.fastForward(workflowId, 24 * 60 * MINUTE)).rejects.toThrow(
      `${workflowId} was not fast-forwarded: the execution ended`,
    );
  });

  test('further, while a child is under way', async () => {
    const { workflowId } = await client.workflow.start(parent, { ...next(), args: [[HOUR]] });
    await skipper.settled(workflowId);
    await expect(skipper.fastForward(workflowId, MINUTE)).rejects.toThrow(
      /waits for its child .* clock of the child/,
    );
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('by %s milliseconds', async (milliseconds) => {
    const { workflowId } = await startWaiting();
    await expect(skipper.fastForward(workflowId, milliseconds)).rejects.toThrow(
      `A clock moves by 0 to 315576000000000 milliseconds, not by ${milliseconds}`,
    );
  });

  test('further, where the code throws', async () => {
    const { workflowId } = await client.workflow.start(broken, next());
    const why = `${workflowId} stands still, because its workflow task fails: a bug of the workflow`;
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
    // Left under way, it would be tried again once the server is gone, and end the process.
    await expect(polls.at(-1)).rejects.toThrow(/cancelled/i);
    await expect(skipper.settled(workflowId)).rejects.toThrow(why);
  });

  test('a workflow that is not there', async () => {
    await expect(skipper.resume('nobody')).rejects.toThrow(/not found/);
    await expect(skipper.fastForward('nobody', MINUTE)).rejects.toThrow(/not found/);
  });

  test('a server that does not allow it is an error with a remedy, not a wait of hours', async () => {
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
  ])('a server %s: %s', (version, reason) => {
    expect(noSkippingReason(version, 'payments')).toContain(
      `The Temporal server ${version} does not skip time in namespace payments`,
    );
    expect(noSkippingReason(version, 'payments')).toContain(reason);
  });
});
