import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { createRefundActivities, type Inquiry, type RefundActivities } from '../../activities/index.js';
import { RESULT_CODES } from '../../worldfirst/index.js';
import { serve } from '../support/loopback.js';
import {
  answerText,
  applyBody,
  bodyOf,
  cashierBody,
  client,
  signed,
  signing,
  stranger,
} from '../worldfirst/fixtures.js';

/** Failures are what several tests want to see, but not in the log. */
const logger = new DefaultLogger('ERROR');

type Listener = Parameters<typeof serve>[0];

/** Runs one activity as a worker would, against a server that answers by the listener. */
async function run<Name extends keyof RefundActivities>(
  name: Name,
  input: Parameters<RefundActivities[Name]>[0],
  listener: Listener | 'nobody',
) {
  const { url, close } = await serve(listener === 'nobody' ? () => {} : listener);
  if (listener === 'nobody') await close();
  const activities = createRefundActivities({ worldfirst: client(url), notifyAttention: async () => {} });
  const activity = activities[name] as (given: typeof input) => Promise<unknown>;
  return new MockActivityEnvironment({}, { logger }).run(activity, input);
}

const says = (status: string, code: string, body: object = {}) => signing(answerText(status, code, body));
const unsigned =
  (text: string): Listener =>
  (_, response) =>
    void response.end(text);
const words = { code: 'SUCCESS', message: 'about SUCCESS' };

const inquiry: Inquiry = {
  refundRequestId: 'R-1',
  expected: { payToId: 'PAY-1', amounts: [{ currency: 'USD', value: 1234 }], refundId: 'W-1' },
};

const FAILURES = Object.entries(RESULT_CODES).filter(([, { kind }]) =>
  ['final', 'operator', 'configuration'].includes(kind),
);

describe('queryTradeOrder', () => {
  const query = { tradeId: 'T-1' };
  const order = (paymentResultList: unknown, value: unknown = '1234') => ({
    orderBasicInfo: { totalAmount: { currency: 'USD', value }, deliveryStatus: 'DELIVERED' },
    paymentResultList,
  });

  it('finds the order with its total and its payments', async () => {
    const list = [{ paymentOrderId: 'P-1', phase: 'ADVANCE_PAYMENT' }, { paymentOrderId: 'P-2' }];
    expect(await run('queryTradeOrder', query, says('S', 'SUCCESS', order(list)))).toEqual({
      kind: 'found',
      totalAmount: { currency: 'USD', value: 1234 },
      paymentOrderIds: ['P-1', 'P-2'],
      ...words,
    });
  });

  it.each([
    ['one payment that is listed twice', [{ paymentOrderId: 'P-1' }, { paymentOrderId: 'P-1' }], ['P-1']],
    ['no payments', [], []],
    ['no list of payments', null, []],
  ])('finds an order with %s', async (_, list, paymentOrderIds) => {
    const answer = await run('queryTradeOrder', query, says('S', 'SUCCESS', order(list)));
    expect(answer).toMatchObject({ kind: 'found', paymentOrderIds });
  });

  it('cannot read an order whose total is beyond what can be counted', async () => {
    expect(await run('queryTradeOrder', query, says('S', 'SUCCESS', order([], '9007199254740993')))).toEqual({
      kind: 'mismatch',
      differences: [
        'The answer cannot be read: orderBasicInfo.totalAmount.value: is beyond 9007199254740991, the largest integer that can be compared exactly.',
      ],
      ...words,
    });
  });

  it.each(FAILURES)('is refused by %s', async (code, { kind, advice }) => {
    expect(await run('queryTradeOrder', query, says('F', code))).toEqual({
      kind: 'refused',
      code,
      message: `about ${code}`,
      advice,
      help: kind,
      signed: true,
    });
  });

  it.each<[string, Listener | 'nobody', string]>([
    ['the answer is U', says('U', 'UNKNOWN_EXCEPTION'), 'UNKNOWN_EXCEPTION'],
    ['the answer is not signed', unsigned(answerText('S', 'SUCCESS', order([]))), 'not signed'],
    [
      'it is told to try again later',
      says('F', 'REFUND_FAILED_TRY_AGAIN_LATER'),
      'REFUND_FAILED_TRY_AGAIN_LATER',
    ],
    ['the connection breaks off', (request) => request.socket.destroy(), 'was closed'],
    ['nobody listens', 'nobody', 'refused'],
  ])('is tried again when %s, and says why', async (_, listener, reason) => {
    await expect(run('queryTradeOrder', query, listener)).rejects.toMatchObject({
      name: 'ApplicationFailure',
      type: 'WorldFirstNotReached',
      nonRetryable: false,
      message: expect.stringContaining(reason),
    });
    await expect(run('queryTradeOrder', query, listener)).rejects.toThrow('the order T-1');
  });
});

describe.each([
  ['applyRefund', applyBody, '/worldtrade/applyRefund'],
  ['refund', cashierBody, '/business/refund'],
] as const)('sending by %s', (name, body, path) => {
  const send = (listener: Listener | 'nobody') => run(name, body as never, listener);

  it('sends the body as it is', async () => {
    let seen = '';
    await send(async (request, response) => {
      seen = `${request.url} ${await bodyOf(request)}`;
      response.end();
    });
    expect(seen).toMatch(new RegExp(`${path} `));
    expect(seen.slice(seen.indexOf('{'))).toBe(JSON.stringify(body));
  });

  it('is accepted, with whatever ids there are', async () => {
    expect(await send(says('S', 'SUCCESS'))).toEqual({ kind: 'accepted', ids: {}, ...words });
  });

  it.each(FAILURES)('is refused by %s', async (code, { kind, advice }) => {
    expect(await send(says('F', code))).toEqual({
      kind: 'refused',
      code,
      message: `about ${code}`,
      advice,
      help: kind,
      signed: true,
    });
  });

  it('is refused by a code that nobody knows, for a person to look at', async () => {
    expect(await send(says('F', 'NEVER_SEEN'))).toMatchObject({
      kind: 'refused',
      help: 'operator',
      code: 'NEVER_SEEN',
    });
  });

  it('is refused by a gateway that cannot sign', async () => {
    expect(await send(unsigned(answerText('F', 'KEY_NOT_FOUND')))).toMatchObject({
      kind: 'refused',
      help: 'configuration',
      signed: false,
    });
  });

  it('is to be tried later', async () => {
    expect(await send(says('F', 'REFUND_FAILED_TRY_AGAIN_LATER'))).toEqual({
      kind: 'tryLater',
      code: 'REFUND_FAILED_TRY_AGAIN_LATER',
      message: 'about REFUND_FAILED_TRY_AGAIN_LATER',
      advice: RESULT_CODES.REFUND_FAILED_TRY_AGAIN_LATER?.advice,
    });
  });

  it.each([
    ['U', 'UNKNOWN_EXCEPTION'],
    ['F', 'UNKNOWN_EXCEPTION'],
    ['U', 'REQUEST_TRAFFIC_EXCEED_LIMIT'],
    ['F', 'SUCCESS'],
    ['S', 'PROCESS_FAIL'],
  ])('is unknown after %s with %s', async (status, code) => {
    expect(await send(says(status, code))).toMatchObject({
      kind: 'unknown',
      code,
      message: `about ${code}`,
      advice: expect.any(String),
      reason: expect.any(String),
    });
  });

  it.each<[string, Listener]>([
    ['S without a signature', unsigned(answerText('S', 'SUCCESS'))],
    ['a refusal without a signature', unsigned(answerText('F', 'PROCESS_FAIL'))],
    [
      'S that a stranger signed',
      (request, response) => {
        const text = answerText('S', 'SUCCESS');
        response.writeHead(200, signed(request.url ?? '', text, { key: stranger.privateKey })).end(text);
      },
    ],
    ['a bad gateway', (_, response) => void response.writeHead(502).end()],
    ['a connection that breaks off', (request) => request.socket.destroy()],
  ])('is unknown after %s', async (_, listener) => {
    expect(await send(listener)).toEqual({ kind: 'unknown', reason: expect.any(String) });
  });

  it('is proven not to be sent when nobody listens', async () => {
    expect(await send('nobody')).toEqual({
      kind: 'notSent',
      reason: expect.stringContaining('This call was not sent'),
    });
  });

  it('is unknown when the activity is cancelled after the request has arrived', async () => {
    const environment = new MockActivityEnvironment({}, { logger });
    const { url } = await serve(() => environment.cancel());
    const activities = createRefundActivities({ worldfirst: client(url) });
    expect(await environment.run(activities[name] as never, body)).toMatchObject({ kind: 'unknown' });
  });

  it('is not sent when the activity is cancelled before', async () => {
    const environment = new MockActivityEnvironment({}, { logger });
    const { url } = await serve(() => {});
    const activities = createRefundActivities({ worldfirst: client(url) });
    environment.cancel();
    expect(await environment.run(activities[name] as never, body)).toMatchObject({ kind: 'notSent' });
  });

  it('lets a bug be a bug', async () => {
    const broken = () => Promise.reject(new RangeError('a bug'));
    const worldfirst = {
      queryTradeOrder: broken,
      applyRefund: broken,
      refund: broken,
      inquireRefund: broken,
    };
    const activities = createRefundActivities({ worldfirst });
    await expect(
      new MockActivityEnvironment({}, { logger }).run(activities[name] as never, body),
    ).rejects.toThrow(RangeError);
  });
});

it('an answer says so where the worker has no attention notifier', async () => {
  const { url } = await serve(says('F', 'ORDER_NOT_EXIST'));
  const environment = () => new MockActivityEnvironment({}, { logger });
  const silent = createRefundActivities({ worldfirst: client(url) });
  const telling = createRefundActivities({ worldfirst: client(url), notifyAttention: async () => {} });
  const query = { tradeId: 'T-1' };
  expect(await environment().run(silent.queryTradeOrder, query)).toHaveProperty('noNotifier', true);
  expect(await environment().run(telling.queryTradeOrder, query)).not.toHaveProperty('noNotifier');
});

describe('what was accepted', () => {
  it('by applyRefund has the ids of WorldFirst', async () => {
    const ids = { refundOrderId: 'RO-1', paymentOrderId: 'P-1' };
    expect(await run('applyRefund', applyBody, says('S', 'SUCCESS', ids))).toEqual({
      kind: 'accepted',
      ids,
      ...words,
    });
  });

  it('by refund has the id of WorldFirst', async () => {
    const body = { refundId: 'W-1', payToId: 'PAY-1', refundTime: '2026-08-30T02:02:41+08:00' };
    expect(await run('refund', cashierBody, says('S', 'SUCCESS', body))).toEqual({
      kind: 'accepted',
      ids: { refundId: 'W-1' },
      ...words,
    });
  });

  it('is a mismatch when applyRefund took another payment', async () => {
    expect(await run('applyRefund', applyBody, says('S', 'SUCCESS', { paymentOrderId: 'P-2' }))).toEqual({
      kind: 'mismatch',
      differences: ['paymentOrderId is P-2 in the answer, but P-1 was expected.'],
      ...words,
    });
  });

  it('is a mismatch when refund took another amount', async () => {
    const details = [{ refundAmount: { currency: 'USD', value: '1235' } }];
    expect(
      await run('refund', cashierBody, says('S', 'SUCCESS', { refundToDetails: details })),
    ).toMatchObject({
      kind: 'mismatch',
      differences: ['refundAmount is USD 12.35 in the answer, but USD 12.34 was expected.'],
    });
  });

  it('is a mismatch when S cannot be read', async () => {
    expect(await run('refund', cashierBody, says('S', 'SUCCESS', { refundId: true }))).toMatchObject({
      kind: 'mismatch',
      differences: [expect.stringMatching(/^The answer cannot be read: refundId: /)],
    });
  });
});

describe('inquireRefund', () => {
  const entry = {
    refundRequestId: 'R-1',
    refundId: 'W-1',
    payToId: 'PAY-1',
    refundAmount: { currency: 'USD', value: '1234' },
  };
  const listing = (...refundInformation: object[]) => says('S', 'SUCCESS', { refundInformation });

  it('asks by our id, one at a time', async () => {
    let seen = '';
    await run('inquireRefund', inquiry, async (request, response) => {
      seen = await bodyOf(request);
      response.end();
    });
    expect(seen).toBe('{"refundRequestIds":["R-1"]}');
  });

  it.each([
    ['SUCCESS', 'settled'],
    ['FAIL', 'declined'],
    ['FAILED', 'declined'],
    ['CANCELLED', 'declined'],
    ['CLOSED', 'declined'],
    ['PROCESSING', 'pending'],
    ['PENDING', 'pending'],
    ['success', 'pending'],
    ['toString', 'pending'],
    ['ANYTHING_NEW', 'pending'],
  ])('with the status %s is %s', async (refundStatus, kind) => {
    expect(await run('inquireRefund', inquiry, listing({ ...entry, refundStatus }))).toEqual({
      kind,
      ids: { refundId: 'W-1' },
      refundStatus,
      ...words,
    });
  });

  it('without a status is pending', async () => {
    expect(await run('inquireRefund', inquiry, listing({ refundRequestId: 'R-1' }))).toEqual({
      kind: 'pending',
      ids: {},
      refundStatus: '',
      ...words,
    });
  });

  it.each([
    ['an empty list', { refundInformation: [] }],
    ['no list', {}],
    ['null for a list', { refundInformation: null }],
  ])('finds nothing in %s', async (_, body) => {
    expect(await run('inquireRefund', inquiry, says('S', 'SUCCESS', body))).toEqual({
      kind: 'notFound',
      ...words,
    });
  });

  it('finds nothing when the refund does not exist', async () => {
    expect(await run('inquireRefund', inquiry, says('F', 'REFUND_ORDER_NOT_EXIST'))).toMatchObject({
      kind: 'notFound',
      code: 'REFUND_ORDER_NOT_EXIST',
    });
  });

  it('believes nobody who says so without a signature', async () => {
    const listener = unsigned(answerText('F', 'REFUND_ORDER_NOT_EXIST'));
    expect(await run('inquireRefund', inquiry, listener)).toMatchObject({ kind: 'unknown' });
  });

  it.each(['SUCCESS', 'FAILED', 'PROCESSING'])(
    'with another amount is a mismatch, %s or not',
    async (refundStatus) => {
      const refundAmount = { currency: 'USD', value: '1233' };
      expect(
        await run('inquireRefund', inquiry, listing({ ...entry, refundStatus, refundAmount })),
      ).toMatchObject({
        kind: 'mismatch',
        differences: [expect.stringContaining('USD 12.33')],
      });
    },
  );

  it('of nothing but other refunds is a mismatch', async () => {
    expect(await run('inquireRefund', inquiry, listing({ ...entry, refundRequestId: 'R-2' }))).toMatchObject({
      kind: 'mismatch',
    });
  });

  it('that cannot be read is a mismatch', async () => {
    expect(
      await run('inquireRefund', inquiry, says('S', 'SUCCESS', { refundInformation: 'none' })),
    ).toMatchObject({
      kind: 'mismatch',
    });
  });

  it('is refused because of the set-up', async () => {
    expect(await run('inquireRefund', inquiry, says('F', 'ACCESS_DENIED'))).toMatchObject({
      kind: 'refused',
      help: 'configuration',
    });
  });

  it.each(['PARAM_ILLEGAL', 'PROCESS_FAIL', 'REFUND_FAILED_TRY_AGAIN_LATER', 'NEVER_SEEN'])(
    'that failed by %s says nothing about the refund',
    async (code) => {
      expect(await run('inquireRefund', inquiry, says('F', code))).toMatchObject({
        kind: 'unknown',
        code,
        reason: `WorldFirst refused the inquiry (${code}).`,
      });
    },
  );

  it.each<[string, Listener]>([
    ['U', says('U', 'UNKNOWN_EXCEPTION')],
    ['a lost answer', (request) => request.socket.destroy()],
    ['an unsigned success', unsigned(answerText('S', 'SUCCESS', { refundInformation: [entry] }))],
  ])('is unknown after %s', async (_, listener) => {
    expect(await run('inquireRefund', inquiry, listener)).toMatchObject({ kind: 'unknown' });
  });

  it('that could not be sent is tried again, for it was no inquiry', async () => {
    await expect(run('inquireRefund', inquiry, 'nobody')).rejects.toMatchObject({
      type: 'WorldFirstNotReached',
      nonRetryable: false,
      message: expect.stringContaining('the refund R-1'),
    });
  });
});
