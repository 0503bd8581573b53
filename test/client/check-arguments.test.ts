import type { Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { InvalidRefundRequestError, RefundClient } from '../../client/index.js';

const REQUEST = { product: 'worldtrade', refundRequestId: 'R-1', tradeId: 'T-1' };
const NOTE = { by: 'Ana', reason: 'a test' };

// Each use of Temporal's client fails the test.
const unused = new Proxy({} as Client, {
  get: (_, name) => {
    throw new Error(`Temporal was called: ${String(name)}`);
  },
});

// Programs in JavaScript pass arguments of any type.
// biome-ignore lint/suspicious/noExplicitAny: the arguments are wrong on purpose
const refunds: any = new RefundClient(unused);

/** Calls a method, and iterates where it returns a list. */
async function called(call: () => unknown): Promise<unknown> {
  const returned = await call();
  const iterator = (returned as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator]?.();
  return iterator ? iterator.next() : returned;
}

async function issuesOf(call: () => unknown): Promise<[path: string, message: string][]> {
  const error = await called(call).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRefundRequestError);
  return (error as InvalidRefundRequestError).issues.map(({ path, message }) => [path, message]);
}

async function pathsOf(call: () => unknown): Promise<string[]> {
  return (await issuesOf(call)).map(([path]) => path);
}

describe('a refund is not started with', () => {
  test.each<[string, unknown, string[]]>([
    ['null as options', null, ['options']],
    ['a text as options', '5m', ['options']],
    ['a list as options', [], ['options']],
    ['a text for allowAnother', { allowAnother: 'no' }, ['options.allowAnother']],
    ['null for allowAnother', { allowAnother: null }, ['options.allowAnother']],
    ['an unknown option', { inquiries: 3 }, ['options.inquiries']],
    [
      'an earlier workflow that started in the future',
      { alreadySent: { startedAt: '2999-01-01T00:00:00.000Z', generation: 1 } },
      ['options.alreadySent.startedAt'],
    ],
  ])('%s', async (_, options, paths) => {
    expect(await pathsOf(() => refunds.start(REQUEST, options))).toEqual(paths);
  });

  test.each([undefined, null, 'R-1', 5])('the request %j', async (request) => {
    expect(await pathsOf(() => refunds.start(request))).toEqual(['']);
    expect(await pathsOf(() => refunds.startAndWait(request, { until: 'idle' }))).toEqual(['']);
  });

  test('mistakes in the request and in the options: each is named', async () => {
    const request = { ...REQUEST, tradeId: '' };
    expect(await pathsOf(() => refunds.start(request, { allowAnother: 1, remindAfter: 'daily' }))).toEqual([
      'tradeId',
      'options.allowAnother',
      'options.remindAfter',
    ]);
    expect(await pathsOf(() => refunds.startAndWait(request, { timeout: -1 }))).toEqual([
      'tradeId',
      'options.until',
      'options.timeout',
    ]);
  });
});

describe('a wait for an answer is not started with', () => {
  test.each<[string, unknown, string[]]>([
    ['no options', undefined, ['options']],
    ['null as options', null, ['options']],
    ['no until', {}, ['options.until']],
    ['another until', { until: 'x' }, ['options.until']],
    ['a text for allowAnother', { until: 'idle', allowAnother: 'no' }, ['options.allowAnother']],
    ...['answer', 'idle'].flatMap((until) =>
      [Number.NaN, Number.POSITIVE_INFINITY, '5s', null, -1, 1.5, 3e9, 1e13].map(
        (timeout): [string, unknown, string[]] => [
          `until ${until}, timeout ${timeout}`,
          { until, timeout },
          ['options.timeout'],
        ],
      ),
    ),
  ])('%s', async (_, options, paths) => {
    expect(await pathsOf(() => refunds.startAndWait(REQUEST, options))).toEqual(paths);
  });

  test('a timeout of 24 days is the longest', async () => {
    const days = 24 * 24 * 60 * 60 * 1000;
    expect(await issuesOf(() => refunds.startAndWait(REQUEST, { until: 'idle', timeout: days + 1 }))).toEqual(
      [['options.timeout', 'must be at most 2073600000 (24 days)']],
    );
    await expect(refunds.startAndWait(REQUEST, { until: 'idle', timeout: days })).rejects.toThrow(
      'Temporal was called',
    );
  });
});

describe.each<[string, (id: unknown) => unknown]>([
  ['getHandle', (id) => refunds.getHandle(id)],
  ['result', (id) => refunds.result(id)],
  ['describe', (id) => refunds.describe(id)],
  ['resume', (id) => refunds.resume(id)],
  ['watch', (id) => refunds.watch(id)],
  ['waitUntilIdle', (id) => refunds.waitUntilIdle(id)],
  ['decide', (id) => refunds.decide(id, { decision: 'cancel', ...NOTE })],
  ['checkNow', (id) => refunds.checkNow(id, NOTE)],
  ['escalate', (id) => refunds.escalate(id, NOTE)],
  [
    'notifyOrderClosed',
    (id) =>
      refunds.notifyOrderClosed(id, {
        body: 'b',
        path: '/p',
        clientId: 'c',
        requestTime: 't',
        signature: 's',
      }),
  ],
])('%s', (_, call) => {
  test.each([undefined, null, '', 5, {}, ['R-1'], 'half a pair \ud800'])('of the id %j', async (id) => {
    expect(await pathsOf(() => call(id))).toEqual(['refundRequestId']);
  });

  test('of an id reaches Temporal', async () => {
    await expect(called(() => call('R-1'))).rejects.toThrow('Temporal was called');
  });
});

describe.each(['watch', 'waitUntilIdle'])('%s', (method) => {
  test.each<[unknown, string]>([
    [null, 'options'],
    ['5s', 'options'],
    [{ signal: 'abort' }, 'options.signal'],
    [{ signal: {} }, 'options.signal'],
    [{ timeout: 5 }, 'options.timeout'],
  ])('with the options %j', async (options, path) => {
    expect(await pathsOf(() => refunds[method]('R-1', options))).toEqual([path]);
  });

  test('with a signal reaches Temporal', async () => {
    const { signal } = new AbortController();
    await expect(called(() => refunds[method]('R-1', { signal }))).rejects.toThrow('Temporal was called');
  });
});

describe('a list', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'filter'],
    ['a text', 'failed', 'filter'],
    ['a date that does not exist', { olderThan: new Date(Number.NaN) }, 'filter.olderThan'],
    ['a text as a date', { olderThan: '2026-08-30' }, 'filter.olderThan'],
    ['a limit that is not a number', { limit: Number.NaN }, 'filter.limit'],
    ['a limit without end', { limit: Number.POSITIVE_INFINITY }, 'filter.limit'],
    ['a text as a limit', { limit: '5' }, 'filter.limit'],
    ['a negative limit', { limit: -1 }, 'filter.limit'],
    ['an unknown status', { status: 'done' }, 'filter.status'],
    ['an unknown reason', { attention: 'toString' }, 'filter.attention'],
    ['an unknown product', { product: 'pay' }, 'filter.product'],
    ['a number as a reference', { reference: 5 }, 'filter.reference'],
    ['a misspelt field', { refrence: 'T-1' }, 'filter.refrence'],
  ])('with %s', async (_, filter, path) => {
    expect(await pathsOf(() => refunds.list(filter))).toEqual([path]);
  });

  test.each([
    {},
    { olderThan: new Date(), limit: 1, status: 'stopped', product: 'cashier', reference: 'T-1' },
  ])('with the filter %j reaches Temporal', async (filter) => {
    await expect(called(() => refunds.list(filter))).rejects.toThrow('Temporal was called');
  });
});

test.each([undefined, null, '', 5])('a search for the reference %j', async (reference) => {
  expect(await pathsOf(() => refunds.findByReference(reference))).toEqual(['reference']);
});

test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '5s', new Date(Number.NaN), 1e14])(
  'the deadline %j',
  async (deadline) => {
    expect(await pathsOf(() => refunds.withDeadline(deadline, async () => {}))).toEqual(['deadline']);
  },
);

test.each([0, Date.now() + 1000, new Date()])('the deadline %j reaches Temporal', async (deadline) => {
  await expect(refunds.withDeadline(deadline, async () => {})).rejects.toThrow('Temporal was called');
});

test.each<[string, unknown[]]>([
  ['decide', [null]],
  ['checkNow', [undefined]],
  ['escalate', ['Ana']],
  ['notifyOrderClosed', [5]],
])('%s without a message', async (method, args) => {
  expect(await issuesOf(() => refunds[method]('R-1', ...args))).toEqual([
    ['', expect.stringContaining('must be an object')],
  ]);
});
