import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endedRuns } from '../../client/ended-runs.js';

const atOnce = async () => {};

const START = Date.parse('2026-11-22T08:00:00.000Z');

interface Listed {
  id: string;
  /** Milliseconds after the start; undefined while it runs. */
  closed?: number;
  started?: number;
  status?: string;
}

/** A list of workflows that answers the queries of `endedRuns`, in no order, as a plain SQL store may. */
function clientOf(listed: readonly Listed[]) {
  const executions = listed.map(({ id, closed, started = 0, status = 'COMPLETED' }) => ({
    workflowId: `refund:${id}`,
    runId: randomUUID(),
    status: { name: status },
    startTime: new Date(START + started),
    ...(closed !== undefined && { closeTime: new Date(START + closed) }),
  })) as unknown as WorkflowExecutionInfo[];
  let held = 0;
  async function* list({ query }: { query: string }) {
    const [from, to] = [/CloseTime >= '([^']+)'/, /CloseTime < '([^']+)'/].map(
      (each) => each.exec(query)?.[1],
    );
    const ids = /WorkflowId IN \((.*)\)/.exec(query)?.[1];
    let count = 0;
    for (const execution of executions) {
      const { closeTime, workflowId } = execution;
      if (ids !== undefined ? !ids.includes(`'${workflowId}'`) : !closeTime) continue;
      if (from && to && closeTime && (closeTime < new Date(from) || closeTime >= new Date(to))) continue;
      count += 1;
      held = Math.max(held, count);
      yield execution;
    }
  }
  return { client: { workflow: { list } } as unknown as Client, mostHeld: () => held };
}

async function idsOf(client: Client, from: number, to: number): Promise<string[]> {
  const range = { since: new Date(START + from), until: new Date(START + to) };
  const ids: string[] = [];
  for await (const { run } of endedRuns(client, range, undefined, atOnce))
    ids.push(run.workflowId.slice('refund:'.length));
  return ids;
}

test('any division of a time range has each refund once, sorted by its end', async () => {
  const ends = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(ends, fc.array(fc.integer({ min: 0, max: 300 })), async (closed, cuts) => {
      const { client } = clientOf(closed.map((at, index) => ({ id: `r-${index}-${at}`, closed: at })));
      const edges = [0, ...cuts.sort((a, b) => a - b), 301];
      const found: string[] = [];
      for (const [index, edge] of edges.slice(1).entries())
        found.push(...(await idsOf(client, edges[index] as number, edge)));
      expect(found.toSorted()).toEqual(closed.map((at, index) => `r-${index}-${at}`).toSorted());
      const times = found.map((id) => Number(id.split('-')[2]));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});

test('thousands of refunds are read in parts, and a millisecond with more than fit is read whole', async () => {
  const listed = Array.from({ length: 6000 }, (_, index) => ({
    id: String(index),
    closed: index < 1500 ? 40_000 : index * 20,
  }));
  const { client, mostHeld } = clientOf(listed);
  const found = await idsOf(client, 0, 1_000_000);
  expect(found).toHaveLength(6000);
  expect(new Set(found).size).toBe(6000);
  expect(mostHeld()).toBeLessThan(1600);
});

test('a run that a later run followed is no end, and is named among the earlier ones', async () => {
  const { client } = clientOf([
    { id: 'reset', closed: 10 },
    { id: 'reset', closed: 50, started: 20 },
    { id: 'resumed', closed: 11, status: 'TERMINATED' },
    { id: 'resumed', started: 30 },
    { id: 'continued', closed: 12, status: 'CONTINUED_AS_NEW' },
    { id: 'continued', closed: 60, started: 12 },
    { id: 'stopped', closed: 13, status: 'TERMINATED' },
  ]);
  const found: [string, number][] = [];
  const range = { since: new Date(START), until: new Date(START + 100) };
  for await (const { run, earlier } of endedRuns(client, range, undefined, atOnce))
    found.push([run.workflowId, earlier.length]);
  expect(found).toEqual([
    ['refund:stopped', 0],
    ['refund:reset', 1],
    ['refund:continued', 1],
  ]);
});
