import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePlaces } from '../../client/audit-cursor.js';
import { type AuditedRun, auditedRuns } from '../../client/audited-runs.js';

const atOnce = async () => {};

const START = Date.parse('2026-11-22T08:00:00.000Z');

interface Listed {
  id: string;
  /** Milliseconds after the start; undefined while it runs. */
  closed?: number;
  started?: number;
  status?: string;
  /** Milliseconds after the start. */
  decided?: number;
}

/** A list of workflows that answers the queries of `auditedRuns`, in no order, as a plain SQL store may. */
function clientOf(listed: readonly Listed[]) {
  const executions = listed.map(({ id, closed, started = 0, status = 'COMPLETED', decided }) => ({
    workflowId: `refund:${id}`,
    runId: randomUUID(),
    status: { name: status },
    startTime: new Date(START + started),
    ...(closed !== undefined && { closeTime: new Date(START + closed) }),
    typedSearchAttributes: { get: () => (decided === undefined ? undefined : new Date(START + decided)) },
  })) as unknown as WorkflowExecutionInfo[];
  let held = 0;
  async function* list({ query }: { query: string }) {
    const [from, to] = [/CloseTime >= '([^']+)'/, /CloseTime < '([^']+)'/].map(
      (each) => each.exec(query)?.[1],
    );
    const ids = /WorkflowId IN \((.*)\)/.exec(query)?.[1];
    let count = 0;
    for (const execution of executions) {
      const { closeTime, workflowId, typedSearchAttributes } = execution;
      const times = [closeTime, typedSearchAttributes.get(undefined as never) as Date | undefined];
      const isWithin = (time?: Date) => time && from && to && time >= new Date(from) && time < new Date(to);
      if (ids !== undefined ? !ids.includes(`'${workflowId}'`) : !times.some(isWithin)) continue;
      count += 1;
      held = Math.max(held, count);
      yield execution;
    }
  }
  return { client: { workflow: { list } } as unknown as Client, mostHeld: () => held };
}

async function auditedBetween(client: Client, from: number, to: number): Promise<AuditedRun[]> {
  const range = { since: new Date(START + from), until: new Date(START + to) };
  const found: AuditedRun[] = [];
  for await (const audited of auditedRuns(client, range, undefined, atOnce)) found.push(audited);
  return found;
}

test('any division of a time range has each end and each decision once, sorted by time', async () => {
  const time = fc.integer({ min: 0, max: 300 });
  const refunds = fc.array(fc.record({ closed: fc.option(time), decided: fc.option(time) }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(refunds, fc.array(time), async (times, cuts) => {
      const listed = times.map(({ closed, decided }, index) => ({
        id: `r-${index}`,
        ...(closed !== null && { closed }),
        ...(decided !== null && { decided }),
      }));
      const { client } = clientOf(listed);
      const edges = [0, ...cuts.sort((a, b) => a - b), 301];
      const found: AuditedRun[] = [];
      for (const [index, edge] of edges.slice(1).entries())
        found.push(...(await auditedBetween(client, edges[index] as number, edge)));
      const placeOf = ({ kind, at, workflowId }: AuditedRun) => `${workflowId} ${kind} ${at - START}`;
      const expected = listed.flatMap(({ id, closed, decided }) => [
        ...(closed === undefined ? [] : [`refund:${id} closed ${closed}`]),
        ...(decided === undefined || decided === closed ? [] : [`refund:${id} decided ${decided}`]),
      ]);
      expect(found.map(placeOf).toSorted()).toEqual(expected.toSorted());
      expect(found).toEqual(found.toSorted(comparePlaces));
    }),
  );
});

test('thousands of refunds are read in parts, and a millisecond with more than fit is read whole', async () => {
  const listed = Array.from({ length: 6000 }, (_, index) => ({
    id: String(index),
    closed: index < 1500 ? 40_000 : index * 20,
  }));
  const { client, mostHeld } = clientOf(listed);
  const found = await auditedBetween(client, 0, 1_000_000);
  expect(found).toHaveLength(6000);
  expect(new Set(found.map(({ workflowId }) => workflowId)).size).toBe(6000);
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
  const found = await auditedBetween(client, 0, 100);
  expect(found.map(({ workflowId, earlier }) => [workflowId, earlier.length])).toEqual([
    ['refund:stopped', 0],
    ['refund:reset', 1],
    ['refund:continued', 1],
  ]);
});

test('a decision that several runs have comes once, with the latest run; the end at the same time is the one that counts', async () => {
  const { client } = clientOf([
    { id: 'reset', closed: 50, status: 'TERMINATED', decided: 10 },
    { id: 'reset', started: 20, decided: 10 },
    { id: 'both', closed: 30, decided: 30 },
    { id: 'ended', closed: 200, decided: 40 },
    { id: 'waits', decided: 300 },
  ]);
  const found = await auditedBetween(client, 0, 100);
  expect(found.map(({ workflowId, kind, earlier }) => [workflowId, kind, earlier.length])).toEqual([
    ['refund:reset', 'decided', 1],
    ['refund:both', 'closed', 0],
    ['refund:ended', 'decided', 0],
  ]);
  expect(found[0]?.run.closeTime).toBeUndefined();
});
