import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AuditOptions, AuditRecord, CashierRefundRequest, RefundClient } from '../../client/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import { useLongHistories } from '../support/long-histories.js';
import { rests } from '../support/patient.js';
import { resetWorkflow } from '../support/reset.js';

// It has a server of its own, so the records are those of this file.
const { refunds, resting, goesOn } = useLongHistories();

const NOTE = { by: 'Ana', reason: 'the support said so' };
const EVIDENCE = { ...NOTE, evidence: 'bank statement 12' };
// Temporal's list on a developer's server lags behind by less.
const LAG = 1_500;
const SINCE = new Date(Date.now() - 3_600_000);

async function recordsOf(client: RefundClient, options: AuditOptions): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of client.auditRecords({ lag: LAG, ...options })) records.push(record);
  return records;
}

let queued: Promise<AuditRecord[]> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** All records, by a read that begins after this call. Tests that wait side by side share it: a record takes calls to the worker. */
function allRecords(): Promise<AuditRecord[]> {
  queued ??= last.then(() => {
    queued = undefined;
    const reading = recordsOf(refunds.refunds, { since: SINCE });
    last = reading.catch(() => {});
    return reading;
  });
  return queued;
}

interface Wanted {
  count?: number;
  options?: AuditOptions;
  withDecided?: boolean;
}

/** The records of this refund, once there are so many; without those of its decisions, unless they are requested. */
async function recordsAbout(
  id: string,
  { count = 1, options, withDecided = false }: Wanted = {},
): Promise<AuditRecord[]> {
  return vi.waitFor(
    async () => {
      const records = await (options ? recordsOf(refunds.refunds, options) : allRecords());
      const found = records.filter(
        ({ refundRequestId, kind }) => refundRequestId === id && (withDecided || kind !== 'decided'),
      );
      expect(found).toHaveLength(count);
      return found;
    },
    { timeout: 40_000, interval: 300 },
  );
}

const eventsOf = ({ timeline }: { timeline?: { event: string }[] }) => timeline?.map(({ event }) => event);

/** Ends a refund that waits for an operator. */
async function close(id: string): Promise<void> {
  await refunds.refunds.decide(id, { decision: 'mark-succeeded', ...EVIDENCE });
  await refunds.refunds.result(id);
}

// Most of them wait for the list.
describe.concurrent('the record of a refund', () => {
  test('that succeeded has the request, the outcome, the ids and the timeline', async () => {
    const request = refunds.cashier('plain');
    const { outcome, timeline } = await refunds.run(request);
    const [record] = await recordsAbout(request.refundRequestId);
    expect(record).toMatchObject({
      version: 1,
      kind: 'ended',
      refundRequestId: request.refundRequestId,
      workflowId: `refund:${request.refundRequestId}`,
      namespace: 'default',
      product: 'cashier',
      reference: request.payToId,
      status: 'succeeded',
      amount: { currency: 'USD', value: 1234 },
      ids: { providerRequestId: request.refundRequestId, refundId: expect.any(String) },
      submission: 'accepted',
      request,
      outcome,
      decisions: [],
      timeline,
      earlierRuns: [],
    });
    expect(record?.cursor).toBe(`${record?.at}/${record?.workflowId}`);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  test.for([
    ['worldtrade', 'unlisted', 'accepted'],
    ['cashier', 'declined', 'failed'],
  ] as const)('%s %s has the status %s', async ([product, words, status]) => {
    const id = await refunds.begin(refunds[product](words), { settlementIntervals: ['1s', '1s'] });
    const outcome = await refunds.refunds.result(id);
    expect(await recordsAbout(id)).toMatchObject([{ kind: 'ended', status, outcome }]);
  });

  test('that was cancelled has the operator’s decision with who and why', async () => {
    const id = await resting(refunds.worldtrade('phases'));
    await refunds.refunds.escalate(id, { by: 'Ben', reason: 'let me look' });
    await refunds.until(id, ({ attention }) => attention !== undefined);
    await refunds.refunds.decide(id, { decision: 'cancel', ...NOTE });
    expect(await recordsAbout(id)).toMatchObject([
      { status: 'cancelled', decisions: [{ decision: 'cancel', ...NOTE, applied: true }] },
    ]);
  });

  test('has every decision once, by an update or by a signal, and says which ones were applied', async () => {
    const id = await resting(refunds.worldtrade('refused-PROCESS_FAIL'));
    const handle = refunds.refunds.getHandle(id);
    await handle.signal('decide', { decision: 'cancel', by: 'Cem', reason: 'not possible any more' });
    await refunds.until(id, (view) => eventsOf(view)?.includes('decision-refused') ?? false);
    await handle.signal('decide', { decision: 'send-again', by: 'Ben', reason: 'once more' });
    await refunds.until(id, (view) => eventsOf(view)?.includes('decision') === true && rests(view));
    await close(id);
    const [record] = await recordsAbout(id);
    const at = expect.any(String);
    expect(record?.decisions).toEqual([
      { decision: 'cancel', by: 'Cem', reason: 'not possible any more', at },
      { decision: 'send-again', by: 'Ben', reason: 'once more', at, applied: true },
      { decision: 'mark-succeeded', ...EVIDENCE, at, applied: true },
    ]);
  });

  test('whose workflow was terminated says who did it and why; a resumed one has another record at its end', async () => {
    const id = await resting(refunds.cashier('never-settles'));
    await refunds.refunds.getHandle(id).terminate('a mistake');
    const [stopped] = await recordsAbout(id);
    expect(stopped).toMatchObject({
      kind: 'stopped',
      status: 'stopped',
      stopped: { how: 'terminated', by: expect.any(String), reason: 'a mistake' },
      submission: 'accepted',
    });
    expect(stopped?.outcome).toBeUndefined();
    await refunds.refunds.resume(id);
    await refunds.until(id, rests);
    await refunds.refunds.escalate(id, NOTE);
    await close(id);
    const after = await recordsAbout(id, { options: { after: stopped?.cursor as string } });
    expect(after).toMatchObject([
      {
        kind: 'ended',
        status: 'succeeded',
        earlierRuns: [{ runId: stopped?.runId, how: 'terminated', reason: 'a mistake' }],
      },
    ]);
    expect(eventsOf(after[0]?.earlierRuns[0] ?? {})).toEqual(eventsOf(stopped ?? {}));
  });

  test('that was reset has one record, with the run before', async () => {
    const request = refunds.cashier('never-settles');
    const id = await resting(request);
    await refunds.refunds.escalate(id, NOTE);
    await close(id);
    await resetWorkflow(refunds, request, 'task after the refund request');
    const view = await refunds.until(id, (now) => eventsOf(now)?.includes('reset') === true && rests(now));
    if (!view.outcome) {
      if (!view.attention) await refunds.refunds.escalate(id, NOTE);
      await close(id);
    }
    const [record] = await recordsAbout(id);
    expect(record).toMatchObject({ kind: 'ended', status: 'succeeded' });
    expect(record?.earlierRuns).toMatchObject([{ outcome: { status: 'succeeded', ...EVIDENCE } }]);
    expect(record?.decisions.filter(({ decision }) => decision === 'mark-succeeded')).not.toEqual([]);
  });

  test('that continued as new has one record, with the decisions of all runs', async () => {
    const id = await resting(refunds.worldtrade('refused-PROCESS_FAIL'));
    await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
    await refunds.until(id, (view) => eventsOf(view)?.includes('decision') === true && rests(view));
    await goesOn(id);
    await close(id);
    expect(await recordsAbout(id)).toMatchObject([
      {
        status: 'succeeded',
        decisions: [
          { decision: 'send-again', applied: true },
          { decision: 'mark-succeeded', applied: true },
        ],
        earlierRuns: [{ how: 'continued-as-new' }],
      },
    ]);
  });
});

describe.concurrent('a decision about a refund that continues', () => {
  /** A refund that an operator has handed back to its automatic work. */
  async function decided(): Promise<{ id: string; request: CashierRefundRequest }> {
    const request = refunds.cashier('never-settles');
    const id = await resting(request);
    await refunds.refunds.escalate(id, NOTE);
    await inquireAgain(id);
    return { id, request };
  }

  async function inquireAgain(id: string): Promise<void> {
    await refunds.until(id, ({ attention }) => attention !== undefined);
    await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
    await refunds.until(id, (view) => !view.attention && rests(view));
  }

  const decisions = (record?: AuditRecord) => record?.decisions.map(({ decision }) => decision);
  const all = (count: number, after?: string) => ({
    count,
    withDecided: true,
    ...(after && { options: { after } }),
  });

  test('has a record while the refund runs, and the end has another one after it', async () => {
    const { id } = await decided();
    const [record] = await recordsAbout(id, all(1));
    const { runId } = await refunds.refunds.getHandle(id).describe();
    expect(record).toMatchObject({
      version: 1,
      kind: 'decided',
      runId,
      status: 'processing',
      submission: 'accepted',
      decisions: [{ decision: 'inquire-again', ...NOTE, applied: true }],
      earlierRuns: [],
    });
    expect(record).not.toHaveProperty('outcome');
    expect(eventsOf(record ?? {})).toContain('decision');
    expect(record?.cursor).toBe(`${record?.at}/${record?.workflowId}`);
    await refunds.refunds.escalate(id, NOTE);
    await refunds.until(id, ({ attention }) => attention !== undefined);
    await close(id);
    const [end] = await recordsAbout(id, all(1, record?.cursor));
    expect(end).toMatchObject({ kind: 'ended', runId, status: 'succeeded' });
    expect(decisions(end)).toEqual(['inquire-again', 'mark-succeeded']);
    // The place of the decision stays, also where the refund has ended since.
    expect(await recordsAbout(id, all(2))).toMatchObject([
      { kind: 'decided', cursor: record?.cursor, outcome: { status: 'succeeded' } },
      { kind: 'ended', cursor: end?.cursor },
    ]);
  });

  test('taken again has a record of its own, with both decisions, after the cursor of the first one', async () => {
    const { id } = await decided();
    const [first] = await recordsAbout(id, all(1));
    await refunds.refunds.escalate(id, NOTE);
    await inquireAgain(id);
    const [second] = await recordsAbout(id, all(1, first?.cursor));
    expect(decisions(second)).toEqual(['inquire-again', 'inquire-again']);
    expect(await recordsAbout(id, all(1))).toMatchObject([{ cursor: second?.cursor }]);
  });

  test('exactly at a cursor comes once: after a cursor before it, and not after its own', async () => {
    const { id } = await decided();
    const [{ at, cursor } = { at: '', cursor: '' }] = await recordsAbout(id, all(1));
    const idsAfter = async (after: string) =>
      (await recordsOf(refunds.refunds, { after })).map(({ refundRequestId }) => refundRequestId);
    expect(await idsAfter(`${at}/refund:`)).toContain(id);
    expect(await idsAfter(cursor)).not.toContain(id);
    expect(await idsAfter(`${at}/refund:~`)).not.toContain(id);
  });

  test('adds no event to the history: the list changes anyway', async () => {
    const { id } = await decided();
    const { events = [] } = await refunds.refunds.getHandle(id).fetchHistory();
    const decidedAt = events?.findLastIndex((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
    const upserts = events
      ?.slice(decidedAt)
      .flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upserted }) =>
        upserted ? [Object.keys(upserted.searchAttributes?.indexedFields ?? {})] : [],
      );
    expect(upserts).toEqual([expect.arrayContaining(['RefundStatus', 'RefundAttention', 'RefundDecidedAt'])]);
  });

  test('that led back to the same question at once has a record, too', async () => {
    const id = await resting(refunds.worldtrade('refused-PROCESS_FAIL'));
    await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
    await refunds.until(id, (view) => eventsOf(view)?.includes('decision') === true && rests(view));
    expect(await recordsAbout(id, all(1))).toMatchObject([{ kind: 'decided', status: 'needs-attention' }]);
  });

  test('stays in the records after a reset to before it, and after a continue-as-new', async () => {
    const { id, request } = await decided();
    const [before] = await recordsAbout(id, all(1));
    await resetWorkflow(refunds, request, 'task after the refund request');
    await refunds.until(id, (view) => eventsOf(view)?.includes('reset') === true && rests(view));
    const [record] = await recordsAbout(id, all(1));
    const { runId } = await refunds.refunds.getHandle(id).describe();
    expect(record).toMatchObject({ kind: 'decided', runId, earlierRuns: [{ runId: before?.runId }] });
    expect(decisions(record)).toContain('inquire-again');

    const { id: long } = await decided();
    const [place] = await recordsAbout(long, all(1));
    await goesOn(long);
    await vi.waitFor(async () => {
      const [now] = await recordsAbout(long, all(1));
      expect(now).toMatchObject({ cursor: place?.cursor, earlierRuns: [{ how: 'continued-as-new' }] });
    }, 20_000);
  });

  test('that ended the refund comes with its end only', async () => {
    const id = await resting(refunds.worldtrade('refused-PROCESS_FAIL'));
    await close(id);
    expect(await recordsAbout(id, all(1))).toMatchObject([{ kind: 'ended' }]);
  });
});

test('continued at the last cursor again and again while refunds end, each record comes once, in order', async () => {
  const since = new Date();
  const requests = Array.from({ length: 40 }, () => refunds.cashier('plain'));
  let hasEnded = false;
  const running = (async () => {
    for (const request of requests) {
      await refunds.begin(request);
      await sleep(Math.random() * 120);
    }
    await Promise.all(requests.map(({ refundRequestId }) => refunds.refunds.result(refundRequestId)));
    hasEnded = true;
  })();
  const found: AuditRecord[] = [];
  for (let callsAfterTheEnd = 0; callsAfterTheEnd < 2; ) {
    const waitedOut = hasEnded;
    if (waitedOut) await sleep(LAG + 500);
    const after = found.at(-1)?.cursor;
    // A call is left at a random record, as a process that was killed leaves it.
    const most = waitedOut ? Number.POSITIVE_INFINITY : Math.floor(Math.random() * 8);
    let count = 0;
    for await (const record of refunds.refunds.auditRecords({ since, lag: LAG, ...(after && { after }) })) {
      if (count === most) break;
      count += 1;
      found.push(record);
    }
    if (waitedOut) callsAfterTheEnd += 1;
    await sleep(Math.random() * 200);
  }
  await running;
  const ids = found.map(({ refundRequestId }) => refundRequestId);
  expect(ids.toSorted()).toEqual(requests.map(({ refundRequestId }) => refundRequestId).toSorted());
  const times = found.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});

test('a time range has the refunds that ended in it: since is in it, until is not', async () => {
  const request = refunds.cashier('plain');
  await refunds.run(request);
  const [{ at } = { at: '' }] = await recordsAbout(request.refundRequestId);
  const [time, next] = [new Date(at), new Date(Date.parse(at) + 1)];
  const idsOf = async (options: AuditOptions) =>
    (await recordsOf(refunds.refunds, options)).map(({ refundRequestId }) => refundRequestId);
  expect(await idsOf({ since: time, until: next })).toEqual([request.refundRequestId]);
  expect(await idsOf({ since: SINCE, until: time })).not.toContain(request.refundRequestId);
  expect(await idsOf({ since: next })).not.toContain(request.refundRequestId);
});

test('an aborted call yields no more records', async () => {
  expect(await recordsOf(refunds.refunds, { since: SINCE, signal: AbortSignal.abort() })).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['no start', {}, 'must have since or after'],
  ['a cursor of something else', { after: '42' }, 'must be the cursor of an audit record, such as'],
  [
    'a cursor without a date',
    { after: '2026-13-45T00:00:00.000Z/refund:1' },
    'must be the cursor of an audit',
  ],
  ['a time that is a text', { since: '2026-11-01' }, 'must be a Date'],
  ['an end before the start', { since: new Date(5), until: new Date(4) }, 'must be later than since'],
  ['an option that there is not', { since: new Date(5), before: new Date(6) }, 'is not an option'],
])('%s is refused before any call to Temporal', (_what, options, message) => {
  expect(() => refunds.refunds.auditRecords(options as AuditOptions)).toThrow(message);
});

describe('with encryption on', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await createTestEnvironment({
      temporal: { address: (refunds.client.connection as Connection).options.address },
      env: { REFUND_ENCRYPTION_KEYS: newKeyEntry('first') },
    });
  });
  afterAll(() => env.stop());

  test('the record can be read by whoever has the key: request, decisions and timeline', async () => {
    const since = new Date();
    const amount = { currency: 'USD', value: 1234 };
    const method = { paymentMethodType: 'WALLET_WF' };
    const request: CashierRefundRequest = {
      product: 'cashier',
      refundRequestId: 'encrypted-1',
      payToId: 'pay-1-never-settles',
      refundToDetails: [{ refundMethod: method, refundToAmount: amount, refundAmount: amount }],
      refundReason: '退款',
    };
    await env.refunds.start(request);
    await vi.waitFor(
      async () => expect((await env.refunds.describe('encrypted-1')).status).toBe('processing'),
      {
        timeout: 20_000,
      },
    );
    await env.refunds.escalate('encrypted-1', NOTE);
    await env.refunds.decide('encrypted-1', { decision: 'mark-succeeded', ...EVIDENCE });
    const records = await vi.waitFor(
      async () => {
        const found = await recordsOf(env.refunds, { since });
        expect(found).toHaveLength(1);
        return found;
      },
      { timeout: 20_000, interval: 300 },
    );
    expect(records).toMatchObject([
      { request, outcome: EVIDENCE, decisions: [{ ...EVIDENCE, applied: true }] },
    ]);
  });
});
