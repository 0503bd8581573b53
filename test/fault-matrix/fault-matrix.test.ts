// @module-tag long
import { describe, expect, test, vi } from 'vitest';
import { expectNoDoubleEffects, referenceOf, seenOf, sendsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { CELLS, nameOf } from './axes.js';
import { EXPECTED, expectationsOf } from './expected/index.js';
import { Network } from './network.js';
import { requestFor } from './placing.js';
import { useReceiver } from './receiver.js';
import { endOf, inquiryScheduleOf, LONG, runToItsEnd, runToItsNotification } from './running.js';

const network = new Network(() => refunds);
// A question in passing has two seconds, and is asked again where a busy machine takes longer.
const refunds = useRefunds({ worldfirst: network.gateway, localActivitiesDisabled: true }, { slow: 200 });
expectNoDoubleEffects(refunds);

const receiver = useReceiver(refunds);

// One of them waits through a day of attempts.
vi.setConfig({ testTimeout: 180_000 });

test('the table has every combination exactly once', () => {
  const wrong = CELLS.map((cell) => [nameOf(cell), expectationsOf(cell).length] as const).filter(
    ([, count]) => count !== 1,
  );
  expect(wrong).toEqual([]);
});

test('each row of the table is used by a combination, and has a reason', () => {
  for (const each of EXPECTED) {
    expect(each.because).toMatch(/^[A-Z].+\.$/);
    expect(
      CELLS.some((cell) => expectationsOf(cell).includes(each)),
      each.because,
    ).toBe(true);
  }
});

const POSSIBLE = CELLS.flatMap((cell) => {
  const [expectation] = expectationsOf(cell);
  return expectation && 'end' in expectation ? [{ cell, ...expectation }] : [];
});

describe('a refund under a fault', () => {
  test.concurrent.for(POSSIBLE.map((each) => [`${nameOf(each.cell)}: ${each.end}`, each] as const))(
    '%s',
    async ([, { cell, end, inquirySchedule, used, books, options }]) => {
      const request = requestFor(refunds, network, cell);
      const view = cell.step.startsWith('notification')
        ? await runToItsNotification(refunds, request, { cell, receiver, options })
        : await runToItsEnd(refunds, request, { end, options, tries: () => network.triesOf(request) });

      expect({ end: endOf(view), inquirySchedule: inquiryScheduleOf(view, options) }).toEqual({
        end,
        inquirySchedule,
      });
      const { queries = cell.product === 'worldtrade' ? 1 : 0, notifications = 0, ...calls } = books;
      const seen = seenOf(refunds, request);
      expect({
        ...seen,
        notifications: refunds.sandbox.journal.notified(referenceOf(request)).length,
      }).toEqual({
        ...calls,
        queries: queries === 'again and again' ? expect.toSatisfy((times: number) => times >= LONG) : queries,
        notifications,
      });

      const sends = sendsOf(refunds, request);
      for (const { id, body } of sends) {
        expect(id).toBe(request.refundRequestId);
        expect(body).toBe(sends[0]?.body);
      }
      for (const { id, amount } of refunds.sandbox.journal.moved(referenceOf(request))) {
        expect(id).toBe(request.refundRequestId);
        expect(amount).toEqual(view.amount);
      }
      expect(view.attention?.decisions ?? []).not.toContain('send-with-new-id');
      if (inquirySchedule === 'unknown') expect(view.inquiries.done).toBe(used ?? books.inquiries);
    },
  );
});
