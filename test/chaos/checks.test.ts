import { expect, test } from 'vitest';
import type { RefundView } from '../../client/index.js';
import type { JournalEntry, Movement } from '../../testing/sandbox/index.js';
import { violationsOf } from '../../tools/chaos/checks.js';
import type { Evidence, JournalRecord } from '../../tools/chaos/evidence.js';

const request = { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1' } as const;

const movement: Movement = {
  at: '2026-11-22T12:00:00.000Z',
  id: 'r-1',
  product: 'worldtrade',
  reference: 't-1',
  amount: { currency: 'USD', value: 100 },
};

function sending(id = 'r-1', body = '{}'): JournalEntry {
  const answer = { status: 200, body: '{"result":{"resultStatus":"S"}}', signedBy: 'sandbox' as const };
  return {
    at: movement.at,
    method: 'POST',
    path: '/',
    api: 'applyRefund',
    id,
    reference: 't-1',
    body,
    answer,
  };
}

function view(status: RefundView['status'], more: Partial<RefundView> = {}): RefundView {
  const outcome = { status } as never;
  const isOver = ['succeeded', 'accepted', 'failed', 'cancelled'].includes(status);
  return { status, timeline: [], ...(isOver && { outcome }), ...more } as unknown as RefundView;
}

const GOOD: Evidence = {
  refund: { request, words: 'works', movesNothing: false, decisions: [] },
  view: view('succeeded'),
  listed: 'succeeded',
  seconds: 1,
  inquiries: { unknown: 7, accepted: 19 },
  calls: [sending(), sending()],
  movements: [movement],
};

const attention = { reason: 'escalated', decisions: ['send-again'] } as unknown as NonNullable<
  RefundView['attention']
>;
const decided = { at: '', event: 'decision' as const, text: 'decided send-with-new-id: chaos' };

function violations(change: Partial<Evidence>, also: readonly Evidence[] = []): string[] {
  const all = [{ ...GOOD, ...change }, ...also];
  const movements = all.flatMap((evidence) => evidence.movements);
  const ids = new Set(movements.map(({ id }) => id));
  const journal = { sum: { moved: ids.size, movements: ids.size }, movements } as unknown as JournalRecord;
  return violationsOf(all, journal, all.length).map(
    ({ refundRequestId = 'all', what }) => `${refundRequestId}: ${what}`,
  );
}

test.for<[string, Partial<Evidence>]>([
  ['succeeded and moved its money once', {}],
  ['was accepted by WorldFirst', { view: view('accepted'), listed: 'accepted' }],
  ['failed and moved no money', { view: view('failed'), listed: 'failed', movements: [] }],
  ['needs an operator', { view: view('needs-attention', { attention }), listed: 'needs-attention' }],
  [
    'was sent under the new id that an operator decided',
    { view: view('succeeded', { timeline: [decided] }), calls: [sending(), sending('r-1-2', '{"new":1}')] },
  ],
])('a refund that %s is no violation', ([, change]) => {
  expect(violations(change)).toEqual([]);
});

const { view: _, ...withoutView } = GOOD;

test.for<[Evidence | Partial<Evidence>, string]>([
  [{ movements: [movement, { ...movement, id: 'r-1-2' }] }, 'its money moved 2 times'],
  [{ movements: [] }, 'it succeeded, and no money moved'],
  [
    { view: view('accepted'), listed: 'accepted', calls: [{ ...sending(), answer: undefined as never }] },
    'it was accepted, and WorldFirst never accepted it',
  ],
  [{ view: view('accepted'), listed: 'accepted', movements: [] }, 'it was accepted, and no money moved'],
  [{ view: view('failed'), listed: 'failed' }, 'it is failed, and its money moved'],
  [{ view: view('cancelled'), listed: 'cancelled' }, 'it is cancelled, and its money moved'],
  [{ calls: [sending('r-1~1')] }, 'it was sent under the id r-1~1, which no operator decided'],
  [{ calls: [sending(), sending('r-1-2')] }, 'it was sent under 2 ids, and operators decided 0 new ones'],
  [{ calls: [sending(), sending('r-1', '{"a":1}')] }, 'different bodies were sent under the id r-1'],
  [
    { inquiries: { unknown: 8, accepted: 0 } },
    '8 inquiries in a row while it was unknown, and 7 are allowed',
  ],
  [
    { inquiries: { unknown: 0, accepted: 20 } },
    '20 inquiries in a row after it was accepted, and 19 are planned',
  ],
  [{ replayError: 'nondeterminism' }, 'its history does not replay: nondeterminism'],
  [{ view: view('unknown'), listed: 'unknown' }, 'it is unknown, and needs no operator'],
  [
    {
      view: view('needs-attention', { attention: { ...attention, decisions: [] } }),
      listed: 'needs-attention',
    },
    'it needs an operator (escalated), and no decision applies',
  ],
  [{ listed: 'processing' }, 'its view says succeeded, and the list processing'],
])('violation %#: %o', ([change, what]) => {
  expect(violations(change)).toEqual([`r-1: ${what}`]);
});

test('a refund that did not become idle is a violation, with the reason', () => {
  const all = [{ ...withoutView, problem: 'AbortError: the run is over' }];
  const journal = { sum: { moved: 1, movements: 1 }, movements: [movement] } as unknown as JournalRecord;
  expect(violationsOf(all, journal, 1)).toEqual([
    { refundRequestId: 'r-1', what: 'it did not become idle: AbortError: the run is over' },
  ]);
});

test('counts that do not add up are violations', () => {
  const journal = (more: object) =>
    ({ sum: { moved: 1, movements: 1 }, movements: [movement], ...more }) as unknown as JournalRecord;
  const what = (all: readonly Evidence[], more: object) =>
    violationsOf(all, journal(more), all.length).map((each) => each.what);
  expect(what([GOOD], {})).toEqual([]);
  expect(what([GOOD], { movements: [movement, movement] })).toEqual([
    'money moved 2 times, and 1 times for the refunds of this run',
  ]);
  expect(what([GOOD], { sum: { moved: 1, movements: 2 } })).toEqual([
    'money moved 2 times under 1 request ids',
  ]);
  expect(what([GOOD, { ...GOOD, movements: [], view: view('failed'), listed: 'failed' }], {})).toEqual([
    'of 2 refunds, 1 were run',
  ]);
});
