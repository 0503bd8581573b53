import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../client/index.js';
import { RESULT_CODES } from '../../worldfirst/result-codes.js';
import { expectNoDoubleEffects, requestOf, seenOf, sendingApiOf, waitsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

/** How a refund must end or rest when every sending is answered with the code; literally, as WorldFirst's pages sort them. */
type End = 'id-used-before' | 'failed' | 'refused-needs-person' | 'configuration' | 'unknown' | 'try-later';

// One code of each kind. The table of all codes and their kinds is in test/worldfirst/result-codes.test.ts.
const ENDS: Record<string, End> = {
  UNKNOWN_EXCEPTION: 'unknown',
  REFUND_FAILED_TRY_AGAIN_LATER: 'try-later',
  REFUND_PERIOD_EXPIRED: 'failed',
  REPEAT_REQ_INCONSISTENT: 'id-used-before',
  CONTRACT_CHECK_FAIL: 'refused-needs-person',
  INVALID_SIGNATURE: 'configuration',
  // It belongs to inquiries, so as the answer to a sending it is as good as an unknown code.
  REFUND_ORDER_NOT_EXIST: 'refused-needs-person',
  A_CODE_THAT_NOBODY_KNOWS: 'refused-needs-person',
};

test('a code of every kind has a test with the workflow', () => {
  const kinds = new Set(Object.values(RESULT_CODES).map(({ kind }) => kind));
  kinds.delete('success');
  expect(new Set(Object.keys(ENDS).flatMap((code) => RESULT_CODES[code]?.kind ?? []))).toEqual(kinds);
});

describe.for(['worldtrade', 'cashier'] as const)('%s: the refund request is answered with', (product) => {
  test.concurrent.for(Object.entries(ENDS))('%s: %s', async ([code, end]) => {
    const request = requestOf(refunds, product, `refused-${code}`);
    // The seven inquiries are not what is looked at here.
    const view = await refunds.run(request, { inquiryIntervals: ['0s', '5m'] });
    const seen = seenOf(refunds, request);
    expect(seen.moved).toBe(0);

    switch (end) {
      case 'failed':
        expect(view.outcome).toMatchObject({ status: 'failed', code });
        expect(view.outcome).toHaveProperty('message', expect.stringMatching(/\w/));
        expect(view.outcome).toHaveProperty('advice', expect.stringMatching(/\w{3} \w/));
        expect(seen).toMatchObject({ sends: 1, inquiries: 0 });
        break;
      case 'refused-needs-person':
      case 'configuration':
        expect(view.attention?.reason).toBe(end);
        expect(view.attention?.explanation).toContain(`WorldFirst answered ${code}: `);
        expect(view.attention?.advice).toMatch(/Advice for this code: \w/);
        expect(view.attention?.decisions).toContain('send-again');
        expect(seen).toMatchObject({ sends: 1, inquiries: 0 });
        break;
      case 'id-used-before':
        expect(view.attention?.reason).toBe(end);
        expect(view.attention?.explanation).toContain('The money may have moved.');
        expect(view.attention?.explanation).not.toContain('..');
        expect(view.attention?.decisions).not.toContain('send-with-new-id');
        expect(seen).toMatchObject({ sends: 1, inquiries: 1 });
        break;
      case 'unknown':
        expect(view.attention?.reason).toBe('unknown-after-all-inquiries');
        expect(view.attention?.decisions).not.toContain('send-with-new-id');
        expect(seen).toMatchObject({ sends: 3, inquiries: 2 });
        break;
      case 'try-later':
        expect(view.attention?.reason).toBe('refused-needs-person');
        expect(view.attention?.decisions).toContain('send-with-new-id');
        expect(seen).toMatchObject({ sends: 3, inquiries: 2 });
        break;
    }
  });

  test.concurrent.for([
    ['S', 'settles'],
    ['F', 'refused-needs-person'],
    ['U', 'unknown'],
  ] as const)('an unlisted code with the status %s: %s', async ([status, end]) => {
    const request = requestOf(refunds, product);
    refunds.sandbox.when(
      { api: sendingApiOf(request), id: request.refundRequestId },
      { code: 'A_CODE_THAT_NOBODY_KNOWS', status, phase: status === 'F' ? 'before' : 'after' },
    );
    const view = await refunds.run(request);
    if (end === 'refused-needs-person') {
      expect(view.attention?.reason).toBe(end);
      return;
    }
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(waitsOf(view)).toHaveLength(end === 'unknown' ? 1 : 0);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });

  test.concurrent.for<JsonObject>([
    { resultCode: 'SUCCESS', resultStatus: 'F' },
    { resultCode: 'PROCESS_FAIL', resultStatus: 'S' },
    {},
  ])('a contradictory or empty result (%j): unknown', async (result) => {
    const request = requestOf(refunds, product);
    refunds.sandbox.when(
      { api: sendingApiOf(request), id: request.refundRequestId },
      { answer: { result }, phase: 'after' },
    );
    const view = await refunds.run(request);
    expect(waitsOf(view)).toEqual(['inquiry 1 of 7 in 5 min: the result is unknown']);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });
});

test.concurrent.for([
  ['ORDER_NOT_EXIST', 'failed'],
  ['PROCESS_FAIL', 'refused-needs-person'],
  ['ACCESS_DENIED', 'configuration'],
])('the query of the order is answered with %s: %s, and nothing is sent', async ([code, end]) => {
  const request = refunds.worldtrade(`query-${code}`);
  const view = await refunds.run(request);
  expect(view.outcome?.status ?? view.attention?.reason).toBe(end);
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 0, inquiries: 0, moved: 0 });
});
