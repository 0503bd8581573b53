import { describe, expect, test } from 'vitest';
import type { Decision, DecisionName, RefundView, WorldTradeRefundRequest } from '../../client/index.js';
import { expectNoDoubleEffects, sendsOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';
import { update } from '../support/raw-messages.js';
import { untilQuiet } from '../support/workers.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

/** Why it is refused, or what follows from it in the end. */
interface Cell {
  refused?: string;
  /** The view's status right after it. */
  atOnce?: string;
  /** Where the refund comes to rest when nothing else is decided. */
  atLast?: string;
  /** The ids under which it was sent, of all its sendings; `-2` is the next id. */
  sentUnder?: ('the id' | '-2')[];
}

const ONCE: Cell['sentUnder'] = ['the id'];
const TWICE: Cell['sentUnder'] = ['the id', 'the id'];
const THRICE: Cell['sentUnder'] = ['the id', 'the id', 'the id'];
const NOT_WAITING: Record<DecisionName, Cell> = {
  'inquire-again': { refused: 'NOT_WAITING', atLast: 'succeeded' },
  'send-again': { refused: 'NOT_WAITING', atLast: 'succeeded' },
  'send-with-new-id': { refused: 'NOT_WAITING', atLast: 'succeeded' },
  cancel: { refused: 'NOT_WAITING', atLast: 'succeeded' },
  'mark-succeeded': { refused: 'NOT_WAITING', atLast: 'succeeded' },
  'mark-failed': { refused: 'NOT_WAITING', atLast: 'succeeded' },
};

/**
 * How a refund comes into a state, and what decisions do to it there. The whole table is in test/rules/decide.table.test.ts;
 * here is one row for each way in which a workflow refuses a decision, and for each way in which it goes on after one.
 */
const TABLE: {
  state: string;
  words: string;
  /** The call that is under way, and held. */
  held?: 'queryTradeOrder' | 'applyRefund';
  escalated?: true;
  is: (view: RefundView) => boolean;
  cells: Partial<Record<DecisionName, Cell>>;
}[] = [
  {
    state: 'applying: it is being sent',
    words: 'plain',
    held: 'applyRefund',
    is: ({ status }) => status === 'applying',
    cells: NOT_WAITING,
  },
  {
    state: 'unknown: the inquiries are running',
    words: 'unknown-2',
    is: ({ status, inquiries }) => status === 'unknown' && inquiries.nextAt !== undefined,
    cells: NOT_WAITING,
  },
  {
    state: 'needs-attention, and nothing was sent',
    words: 'phases',
    is: ({ attention }) => attention?.reason === 'several-payments',
    cells: {
      'send-again': { atOnce: 'preparing', atLast: 'needs-attention', sentUnder: [] },
      cancel: { atOnce: 'cancelled', atLast: 'cancelled', sentUnder: [] },
    },
  },
  {
    state: 'needs-attention, and WorldFirst refused it',
    words: 'refused-once-PROCESS_FAIL',
    is: ({ attention }) => attention?.reason === 'refused-needs-person',
    cells: {
      // WorldFirst does not know what it refused, so the identical request is sent again.
      'inquire-again': { atOnce: 'applying', atLast: 'succeeded', sentUnder: TWICE },
      'send-with-new-id': { atOnce: 'applying', atLast: 'succeeded', sentUnder: ['the id', '-2'] },
    },
  },
  {
    state: 'needs-attention, and its submission is unknown',
    words: 'unknown-2',
    escalated: true,
    is: ({ attention }) => attention?.reason === 'escalated',
    cells: {
      // The first inquiry does not know it (sent again), and the second does.
      'inquire-again': { atOnce: 'unknown', atLast: 'succeeded', sentUnder: TWICE },
      'send-again': { atOnce: 'unknown', atLast: 'succeeded', sentUnder: THRICE },
      'send-with-new-id': { refused: 'DOES_NOT_APPLY', atLast: 'needs-attention', sentUnder: ONCE },
      cancel: { refused: 'DOES_NOT_APPLY', atLast: 'needs-attention', sentUnder: ONCE },
      'mark-succeeded': { atOnce: 'succeeded', atLast: 'succeeded', sentUnder: ONCE },
      'mark-failed': { atOnce: 'failed', atLast: 'failed', sentUnder: ONCE },
    },
  },
  {
    state: 'needs-attention, and WorldFirst accepted it',
    words: 'settles-3',
    escalated: true,
    is: ({ attention }) => attention?.reason === 'escalated',
    cells: {
      'inquire-again': { atOnce: 'processing', atLast: 'succeeded', sentUnder: ONCE },
    },
  },
];

const CELLS = TABLE.flatMap(({ cells, ...row }) =>
  (Object.entries(cells) as [DecisionName, Cell][]).map(([decision, cell]) => ({
    ...row,
    ...cell,
    decision,
  })),
);

function decisionOf(decision: DecisionName): Decision {
  const evidence = decision.startsWith('mark-') ? { evidence: 'ticket 4711' } : {};
  return { decision, by: 'Ana', reason: 'the support said so', ...evidence };
}

async function bring(
  request: WorldTradeRefundRequest,
  { held, escalated, is }: Pick<(typeof TABLE)[number], 'held' | 'escalated' | 'is'>,
): Promise<{ release: () => void }> {
  const about = held === 'queryTradeOrder' ? request.tradeId : request.refundRequestId;
  const hold = held && refunds.sandbox.hold({ api: held, id: about }, 'after');
  const id = await refunds.begin(request);
  await hold?.arrived;
  if (escalated) {
    await refunds.until(id, rests);
    await refunds.refunds.escalate(id, { by: 'Ben', reason: 'let me look' });
  }
  await refunds.until(id, is);
  if (!hold) await untilQuiet(refunds, `refund:${id}`);
  return { release: () => hold?.release() };
}

/** Under each id only one body, and for all ids together the money moved at most once. */
function expectBooksOf(request: WorldTradeRefundRequest, { sentUnder }: Cell): void {
  const { journal } = refunds.sandbox;
  const ids = { 'the id': request.refundRequestId, '-2': `${request.refundRequestId}-2` };
  const sends = sendsOf(refunds, request);
  if (sentUnder) expect(sends.map(({ id }) => id)).toEqual(sentUnder.map((each) => ids[each]));
  for (const id of Object.values(ids)) {
    expect(new Set(journal.sends(id).map(({ body }) => body)).size).toBeLessThanOrEqual(1);
  }
  expect(journal.moved(request.tradeId).length).toBeLessThanOrEqual(1);
}

async function atLast(id: string): Promise<RefundView> {
  await refunds.skipper.resume(`refund:${id}`);
  return refunds.refunds.waitUntilIdle(id);
}

describe('an impossible decision is rejected: an update immediately, a signal in the timeline', () => {
  const rows = TABLE.filter(({ cells }) => Object.values(cells).some(({ refused }) => refused));
  test.concurrent.each(rows)('$state', async (row) => {
    const request = refunds.worldtrade(row.words);
    const id = request.refundRequestId;
    const { release } = await bring(request, row);
    const before = await refunds.refunds.describe(id);
    const cells = (Object.entries(row.cells) as [DecisionName, Cell][]).filter(([, cell]) => cell.refused);

    for (const [decision, { refused }] of cells) {
      expect(await update(refunds, id, 'decide', decisionOf(decision)), decision).toMatchObject({
        type: 'DecisionRefused',
        details: [refused],
        message: expect.stringMatching(/\w{3} /),
      });
    }
    expect(await refunds.refunds.describe(id)).toEqual(before);

    for (const [decision] of cells)
      await refunds.refunds.getHandle(id).signal('decide', decisionOf(decision));
    const noted = (view: RefundView) => view.timeline.filter(({ event }) => event === 'decision-refused');
    const after = await refunds.until(id, (view) => noted(view).length === cells.length);
    expect(noted(after).every(({ by }) => by === 'Ana')).toBe(true);
    expect({ ...after, timeline: [] }).toEqual({ ...before, timeline: [] });

    release();
    const last = await atLast(id);
    expect(eventsOf(last)).not.toContain('decision');
    for (const [, cell] of cells) {
      expect(last.status).toBe(cell.atLast);
      expectBooksOf(request, cell);
    }
  });
});

const APPLYING = CELLS.filter(({ refused }) => !refused);
// Both channels lead to the same code, so a signal is tried in one state only.
const BY_SIGNAL = APPLYING.filter(({ state }) => state.endsWith('its submission is unknown'));

describe.each([
  ['update', APPLYING],
  ['signal', BY_SIGNAL],
] as const)('carried out, by %s', (channel, cells) => {
  test.concurrent.each(cells)('$state: $decision', async (cell) => {
    const request = refunds.worldtrade(cell.words);
    const id = request.refundRequestId;
    await bring(request, cell);
    const decision = decisionOf(cell.decision);

    if (channel === 'update') {
      expect(await update(refunds, id, 'decide', decision)).toMatchObject({ view: { status: cell.atOnce } });
    } else {
      await refunds.refunds.getHandle(id).signal('decide', decision);
    }
    const view = await refunds.refunds.describe(id);
    expect(view.timeline.find(({ event }) => event === 'decision')).toMatchObject({
      text: expect.stringContaining(cell.decision),
      by: 'Ana',
    });

    const last = await atLast(id);
    expect(last.status).toBe(cell.atLast);
    expect(lastOf(last, 'decision-refused')).toBeUndefined();
    expectBooksOf(request, cell);
    if (last.status === 'succeeded' && !decision.evidence)
      expect(refunds.sandbox.journal.moved(request.tradeId)).toHaveLength(1);
  });
});

test.concurrent('every decision after the end is rejected with the outcome', async () => {
  const request = refunds.worldtrade('plain');
  const id = await refunds.begin(request);
  await refunds.refunds.result(id);
  const before = await refunds.refunds.describe(id);
  for (const decision of Object.keys(NOT_WAITING) as DecisionName[]) {
    await expect(refunds.refunds.decide(id, decisionOf(decision)), decision).rejects.toMatchObject({
      code: 'DECISION_REFUSED',
      refusal: 'ENDED',
      message: expect.stringContaining('succeeded'),
    });
    await expect(refunds.refunds.getHandle(id).signal('decide', decisionOf(decision))).rejects.toThrow();
  }
  expect(await refunds.refunds.describe(id)).toEqual(before);
});
