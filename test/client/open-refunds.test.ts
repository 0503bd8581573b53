import { type Client, Connection, type CountWorkflowExecution } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { reportOpenRefunds, workflowIdOf } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';

const environment = useRefunds();
const PATIENT = { timeout: 30_000, interval: 50 };
const DAY_MS = 24 * 60 * 60_000;

/** A meter that keeps the last value of each gauge. */
function gauges() {
  const values = new Map<string, number>();
  const createGauge = (name: string) => ({
    set: (value: number, { product, status }: Record<string, string> = {}) =>
      void values.set(`${name} ${product} ${status}`, value),
  });
  return { values, meter: { createGauge } };
}

/** Reports until the test ends; resolves once every gauge has a value. */
async function report(client: Client, more: { taskQueue?: string; identity?: string; interval?: number }) {
  const { values, meter } = gauges();
  const { stop } = reportOpenRefunds(client, { meter, taskQueue: environment.taskQueue, ...more });
  onTestFinished(stop);
  await vi.waitFor(() => expect(values.size).toBe(16), PATIENT);
  return values;
}

test('the gauges say how many refunds are open, and how old the oldest is', async () => {
  const { begin, cashier, worldtrade, until, client, started } = environment;
  const first = await begin(cashier('unknown-9'));
  const second = await begin(cashier('unknown-9'));
  const waits = await begin(worldtrade('refused-INVALID_SIGNATURE'));
  await Promise.all([first, second].map((id) => until(id, ({ status }) => status === 'unknown')));
  await until(waits, ({ status }) => status === 'needs-attention');
  const otherQueue = `${environment.taskQueue}-other`;
  const { workflowId } = await environment.refunds.start(cashier());
  started(workflowId);
  await vi.waitFor(async () => {
    const { count } = await client.workflow.count(
      `TaskQueue = '${environment.taskQueue}' AND RefundStatus = 'needs-attention'`,
    );
    expect(count).toBe(1);
  }, PATIENT);

  const { startTime } = await client.workflow.getHandle(workflowIdOf(waits)).describe();
  const before = Date.now();
  const values = await report(client, {});
  const after = Date.now();
  expect(values.get('worldfirst_refunds_open cashier unknown')).toBe(2);
  expect(values.get('worldfirst_refunds_open worldtrade needs-attention')).toBe(1);
  expect(values.get('worldfirst_refunds_open cashier needs-attention')).toBe(0);
  const age = values.get('worldfirst_refunds_oldest_open_age_seconds worldtrade needs-attention') as number;
  expect(age * 1000).toBeGreaterThanOrEqual(before - startTime.getTime());
  expect(age * 1000).toBeLessThanOrEqual(after - startTime.getTime());
  expect(values.get('worldfirst_refunds_oldest_open_age_seconds cashier processing')).toBe(0);

  const ofOther = await report(client, { taskQueue: otherQueue });
  expect([...ofOther.values()].every((value) => value === 0)).toBe(true);
});

test('only the first of the workers that poll counts, and the others show 0', async () => {
  const { begin, cashier, until, client } = environment;
  const id = await begin(cashier('unknown-9'));
  await until(id, ({ status }) => status === 'unknown');
  const values = await report(client, { identity: '~after every process id' });
  expect([...values.values()].every((value) => value === 0)).toBe(true);
  const first = await report(client, { identity: '!before every process id' });
  await vi.waitFor(
    () => expect(first.get('worldfirst_refunds_open cashier unknown')).toBeGreaterThan(0),
    PATIENT,
  );
});

test('while Temporal does not answer, the gauges keep their values and the next round asks again', async () => {
  const { client } = environment;
  let fails = false;
  const count = vi.spyOn(client.workflow, 'count').mockImplementation(async () => {
    if (fails) throw new Error('Temporal is away');
    return { count: 0 } as CountWorkflowExecution;
  });
  onTestFinished(() => count.mockRestore());
  const values = await report(client, { interval: 200 });
  values.set('worldfirst_refunds_open cashier unknown', 7);
  fails = true;
  count.mockClear();
  await vi.waitFor(() => expect(count.mock.calls.length).toBeGreaterThan(1), PATIENT);
  fails = false;
  await vi.waitFor(() => expect(values.get('worldfirst_refunds_open cashier unknown')).toBe(0), PATIENT);
});

test('the oldest of thousands is found with few queries, none of which lists more than a page', async () => {
  const now = Date.now();
  const starts = [now - 9 * DAY_MS, ...Array.from({ length: 4000 }, (_, n) => now - n * 1000)];
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  onTestFinished(() => connection.close());
  const among = (query: string) => {
    if (!query.includes("RefundProduct = 'cashier'") || !query.includes("'unknown'")) return [];
    const [, time] = /StartTime < '([^']+)'/.exec(query) ?? [];
    return starts.filter((start) => time === undefined || start < Date.parse(time));
  };
  const typedSearchAttributes = new TypedSearchAttributes();
  let queries = 0;
  let listed = 0;
  const workflow = {
    count: async (query: string) => {
      queries += 1;
      return { count: among(query).length };
    },
    async *list({ query }: { query: string }) {
      queries += 1;
      for (const start of among(query)) {
        listed += 1;
        yield {
          workflowId: 'x',
          status: { name: 'RUNNING' },
          startTime: new Date(start),
          typedSearchAttributes,
        };
      }
    },
  };
  const { options, workflowService } = environment.client;
  const values = await report({ options, workflowService, workflow } as unknown as Client, {
    identity: '!before every process id',
  });
  expect(values.get('worldfirst_refunds_open cashier unknown')).toBe(4001);
  const age = values.get('worldfirst_refunds_oldest_open_age_seconds cashier unknown') as number;
  expect(Math.floor(age / 86_400)).toBe(9);
  expect(listed).toBeLessThanOrEqual(100);
  expect(queries).toBeLessThan(40);
});
