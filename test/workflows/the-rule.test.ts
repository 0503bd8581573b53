import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RefundView } from '../../client/index.js';
import type { Behaviour, JournalEntry } from '../../testing/sandbox/index.js';
import { referenceOf, requestOf, sendingApiOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();

// What is true of WorldFirst is told by these: a refusal is never said of a refund that was carried out, for WorldFirst
// would be lying then, and no program can help. Everything else may be said of everything, or nothing at all.
const lost = fc.record({
  fault: fc.constantFrom(
    'dropped',
    'cutoff',
    'badgateway',
    'html',
    'unsigned',
    'forged',
    'wrong-id',
    'wrong-amount',
  ),
  phase: fc.constantFrom('before', 'after'),
});
const leftOpen = fc.record({
  code: fc.constantFrom('UNKNOWN_EXCEPTION', 'REQUEST_TRAFFIC_EXCEED_LIMIT', 'SOMETHING_NEW'),
  status: fc.constant('U' as const),
  phase: fc.constantFrom('before', 'after'),
});
const refusal = fc.record({
  code: fc.constantFrom(
    'REFUND_FAILED_TRY_AGAIN_LATER',
    'REFUND_PERIOD_EXPIRED',
    'REPEAT_REQ_INCONSISTENT',
    'PROCESS_FAIL',
    'OAUTH_FAIL',
    'UNKNOWN_EXCEPTION',
    'SOMETHING_NEW',
  ),
  status: fc.constant('F' as const),
  phase: fc.constant('before' as const),
});
const notKnown = fc.constant({ code: 'REFUND_ORDER_NOT_EXIST', phase: 'after' as const });

const situation = fc.record({
  product: fc.constantFrom('worldtrade' as const, 'cashier' as const),
  words: fc.constantFrom('', 'settles-3', 'unknown-2', 'nobody', 'unlisted', 'declined', 'never-settles'),
  sends: fc.array(fc.oneof(lost, leftOpen, refusal) as fc.Arbitrary<Behaviour>, { maxLength: 6 }),
  inquiries: fc.array(
    fc.oneof({ weight: 6, arbitrary: notKnown }, lost, leftOpen, refusal) as fc.Arbitrary<Behaviour>,
    {
      maxLength: 6,
    },
  ),
  decisions: fc.array(fc.constantFrom('inquire-again', 'send-again', 'send-with-new-id'), { maxLength: 3 }),
});

// A sample on a real server; test/model has the whole property. A failure prints its seed and its path.
test.concurrent.for([1, 2])(
  'no new id while the first submission is unknown, no wrong outcome, and money moves once (%i)',
  async () => {
    await fc.assert(
      fc.asyncProperty(situation, async ({ product, words, sends, inquiries, decisions }) => {
        const request = requestOf(refunds, product, words);
        const { refundRequestId } = request;
        const reference = referenceOf(request);
        for (const behaviour of sends)
          refunds.sandbox.when({ api: sendingApiOf(request), id: reference }, behaviour);
        for (const behaviour of inquiries)
          refunds.sandbox.when({ api: 'inquireRefund', id: reference }, behaviour);

        // WorldFirst may have too many calls, and that wait is nobody's option.
        let view = await refunds.run(request, {
          inquiryIntervals: Array(7).fill('0s'),
          settlementIntervals: Array(3).fill('0s'),
        });
        let asked = 1;
        expectTheRule(view, asked);
        for (const decision of decisions) {
          if (!view.attention) break;
          const offered = view.attention.decisions.includes(decision as never);
          const decided = refunds.refunds.decide(refundRequestId, {
            decision: decision as never,
            by: 'Ana',
            reason: `the ${asked}th time`,
          });
          if (!offered) {
            await expect(decided).rejects.toMatchObject({ refusal: 'DOES_NOT_APPLY' });
            continue;
          }
          await decided;
          asked += 1;
          view = await rest(refundRequestId);
          expectTheRule(view, asked);
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  },
);

const rest = (id: string) => refunds.until(id, ({ outcome, attention }) => Boolean(outcome ?? attention));

function expectTheRule(view: RefundView, asked: number) {
  const { refundRequestId, providerRequestId, outcome, attention, product, reference } = view;
  const entries = refunds.sandbox.journal.entries.filter(
    (entry) =>
      entry.reference === reference ||
      entry.id === refundRequestId ||
      entry.id?.startsWith(`${refundRequestId}-`),
  );
  const sends = entries.filter(({ api }) => api === 'applyRefund' || api === 'refund');
  const moved = refunds.sandbox.journal.moved(reference);

  expect(moved.length, 'money moves at most once').toBeLessThanOrEqual(1);
  const ids = [...new Set(sends.map(({ id }) => id))];
  for (const id of ids) {
    const bodies = new Set(sends.filter((send) => send.id === id).map(({ body }) => body));
    expect(bodies.size, `one body under ${id}`).toBe(1);
  }
  for (const id of ids.slice(0, -1)) {
    const answers = sends.filter((send) => send.id === id);
    expect(
      answers.filter((send) => !isDefiniteNo(send)),
      `${id} was refused each time before ${ids.at(-1)}`,
    ).toEqual([]);
  }
  if (attention?.decisions.includes('send-with-new-id')) {
    const latest = sends.filter((send) => send.id === providerRequestId);
    expect(
      latest.filter((send) => !isDefiniteNo(send)),
      'a new id is offered after nothing but a no',
    ).toEqual([]);
  }
  const inquiries = entries.filter(({ api }) => api === 'inquireRefund');
  expect(
    inquiries.length,
    'seven inquiries and three of the settlement, each time that somebody asks',
  ).toBeLessThanOrEqual(10 * asked);

  if (outcome?.status === 'succeeded') {
    expect(inquiries.some((entry) => saysSettled(entry, outcome.providerRequestId))).toBe(true);
    expect(moved.map(({ id }) => id)).toEqual([outcome.providerRequestId]);
  }
  if (outcome?.status === 'failed') expect(moved, 'a failed refund moved no money').toEqual([]);
  if (outcome?.status === 'accepted') {
    expect(product).toBe('worldtrade');
    expect(sends.some((send) => wasTrusted(send) && resultOf(send).resultStatus === 'S')).toBe(true);
  }
}

/** The whole of it arrived, and WorldFirst's own key has signed it. */
function wasTrusted({ answer, fault = '' }: JournalEntry): boolean {
  return (
    answer?.status === 200 &&
    answer.signedBy === 'sandbox' &&
    !fault.startsWith('cutoff') &&
    isJson(answer.body)
  );
}

function isDefiniteNo(entry: JournalEntry): boolean {
  const { resultStatus, resultCode } = resultOf(entry);
  return wasTrusted(entry) && resultStatus === 'F' && resultCode !== 'UNKNOWN_EXCEPTION';
}

function saysSettled(entry: JournalEntry, id: string): boolean {
  if (!wasTrusted(entry)) return false;
  const { refundInformation = [] } = JSON.parse(entry.answer?.body ?? '{}');
  return refundInformation.some(
    (refund: { refundRequestId: string; refundStatus: string }) =>
      refund.refundRequestId === id && refund.refundStatus === 'SUCCESS',
  );
}

function resultOf(entry: JournalEntry): { resultStatus?: string; resultCode?: string } {
  return wasTrusted(entry) ? JSON.parse(entry.answer?.body ?? '{}').result : {};
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
