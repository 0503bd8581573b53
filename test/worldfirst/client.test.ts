import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type CashierRefundBody, inChinaTime } from '../../rules/bodies.js';
import { InvalidInputError, WorldFirstClient } from '../../worldfirst/index.js';
import { signatureHeader, verifySignature } from '../../worldfirst/signature.js';
import { serve } from '../support/loopback.js';
import * as fixtures from './fixtures.js';
import {
  answerText,
  applyBody,
  bodyOf,
  CLIENT_ID,
  cashierBody,
  client,
  PREFIX,
  signed,
  signing,
} from './fixtures.js';

interface Seen {
  method?: string;
  path: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

async function recording(text = answerText('S', 'SUCCESS')) {
  const seen: Seen[] = [];
  const { url } = await serve(async (request, response) => {
    const { method, url: path = '', headers } = request;
    seen.push({ ...(method && { method }), path, headers, body: await bodyOf(request) });
    response.writeHead(200, signed(path, text)).end(text);
  });
  return { url, seen };
}

describe('a call', () => {
  it('has a signature that WorldFirst accepts, also with non-ASCII text', async () => {
    const { url, seen } = await recording();
    await client(url, { keyVersion: '3' }).applyRefund(applyBody);
    const [{ method, path, headers, body } = { path: '', headers: {}, body: '' }] = seen;
    expect(method).toBe('POST');
    expect(path).toBe(`${PREFIX}/worldtrade/applyRefund`);
    expect(headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(headers['client-id']).toBe(CLIENT_ID);
    const time = String(headers['request-time']);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    expect(headers.signature).toContain('keyVersion=3');
    const text = { path, clientId: CLIENT_ID, time, body };
    expect(verifySignature(text, String(headers.signature), [fixtures.partner.publicKey])).toBe(true);
  });

  it('sends the body in the given order, with unknown fields', async () => {
    const { url, seen } = await recording();
    const reversed = Object.fromEntries(Object.entries(cashierBody).reverse());
    const body = { ...reversed, somethingNew: { b: 1, a: [2] } } as unknown as CashierRefundBody;
    await client(url).refund(body);
    expect(seen[0]?.body).toBe(JSON.stringify(body));
  });

  it('goes to the path of its operation, below the prefix', async () => {
    const { url, seen } = await recording();
    const worldfirst = client(url, { pathPrefix: '/sandbox/v2/' });
    await worldfirst.queryTradeOrder({ tradeId: 'T-1' });
    await worldfirst.applyRefund(applyBody);
    await worldfirst.refund(cashierBody);
    await worldfirst.inquireRefund({ refundIds: ['W-1'] });
    expect(seen.map(({ path }) => path)).toEqual([
      '/sandbox/v2/worldtrade/queryTradeOrder',
      '/sandbox/v2/worldtrade/applyRefund',
      '/sandbox/v2/refund',
      '/sandbox/v2/inquireRefund',
    ]);
  });

  it.each<[string, number, (worldfirst: WorldFirstClient) => Promise<unknown>]>([
    ['applyRefund moves money: it has a connection of its own', 3, (each) => each.applyRefund(applyBody)],
    ['refund moves money: it has a connection of its own', 3, (each) => each.refund(cashierBody)],
    ['queryTradeOrder keeps its connection', 1, (each) => each.queryTradeOrder({ tradeId: 'T-1' })],
    ['inquireRefund keeps its connection', 1, (each) => each.inquireRefund({ refundIds: ['W-1'] })],
  ])('of %s', async (_, connections, call) => {
    const { url, sockets } = await serve(signing(answerText('S', 'SUCCESS')));
    const worldfirst = client(url);
    for (let n = 0; n < 3; n += 1) {
      await call(worldfirst);
      await new Promise(setImmediate);
    }
    expect(sockets.size).toBe(connections);
  });
});

describe('an answer S', () => {
  it('is a success with its body, unknown fields kept', async () => {
    const text = answerText('S', 'SUCCESS', { refundOrderId: 'RO-1', paymentOrderId: 'P-1', news: [1] });
    const { url } = await serve(signing(text));
    expect(await client(url).applyRefund(applyBody)).toMatchObject({
      kind: 'success',
      code: 'SUCCESS',
      message: 'about SUCCESS',
      body: { refundOrderId: 'RO-1', paymentOrderId: 'P-1', news: [1] },
    });
  });

  it('with an unlisted code is a success', async () => {
    const { url } = await serve(signing(answerText('S', 'ALL_FINE')));
    expect(await client(url).applyRefund(applyBody)).toMatchObject({ kind: 'success', code: 'ALL_FINE' });
  });

  it("may have code and message in the gateway's form, and null for absent values", async () => {
    const result = {
      resultStatus: 'S',
      resultCodeId: 'SUCCESS',
      resultMsg: 'fine',
      resultCode: null,
      extra: 1,
    };
    const { url } = await serve(signing(JSON.stringify({ result, refundId: null, payToId: null })));
    expect(await client(url).refund(cashierBody)).toMatchObject({
      kind: 'success',
      code: 'SUCCESS',
      message: 'fine',
    });
  });

  it('may have a number as code', async () => {
    const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultCodeId: 10000 };
    const { url } = await serve(signing(JSON.stringify({ result })));
    expect(await client(url).refund(cashierBody)).toMatchObject({
      kind: 'success',
      code: 'SUCCESS',
      message: '',
    });
  });

  it('signed with the second of two keys is a success', async () => {
    const { url } = await serve(signing(answerText('S', 'SUCCESS')));
    const publicKeys = [fixtures.stranger.publicKey, fixtures.worldfirst.publicKey];
    expect(await client(url, { publicKeys }).refund(cashierBody)).toMatchObject({ kind: 'success' });
  });

  it('without a Client-Id is a success, because the signature contains ours', async () => {
    const text = answerText('S', 'SUCCESS');
    const { url } = await serve((request, response) => {
      const { 'Client-Id': _, ...headers } = signed(request.url ?? '', text);
      response.writeHead(200, headers).end(text);
    });
    expect(await client(url).refund(cashierBody)).toMatchObject({ kind: 'success' });
  });

  it('has amounts as integers, from digits or from numbers', async () => {
    const details = [
      { refundAmount: { currency: 'TWD', value: '100' }, refundToAmount: { currency: 'TWD', value: 100 } },
    ];
    const { url } = await serve(signing(answerText('S', 'SUCCESS', { refundToDetails: details })));
    expect(await client(url).refund(cashierBody)).toMatchObject({
      body: { refundToDetails: [{ refundAmount: { value: 100 }, refundToAmount: { value: 100 } }] },
    });
  });

  it('of an order without payments is a success', async () => {
    const order = { orderBasicInfo: { totalAmount: { currency: 'USD', value: '9007199254740991' } } };
    const { url } = await serve(signing(answerText('S', 'SUCCESS', order)));
    expect(await client(url).queryTradeOrder({ tradeId: 'T-1' })).toMatchObject({
      kind: 'success',
      body: {
        orderBasicInfo: { totalAmount: { currency: 'USD', value: 9007199254740991 } },
        paymentResultList: [],
      },
    });
  });
});

describe('an answer S that cannot be read', () => {
  const order = (value: unknown, more: object = { paymentResultList: [] }) => ({
    orderBasicInfo: { totalAmount: { currency: 'USD', value } },
    ...more,
  });

  it.each([
    ['no order', {}, 'orderBasicInfo'],
    ['an amount beyond what is exact', order('9007199254740992'), 'is beyond 9007199254740991'],
    ['an amount with decimals', order('12.34'), 'must be a non-negative integer, not "12.34"'],
    ['a negative amount', order(-1), 'must be a non-negative integer, not -1'],
    ['a fraction', order(0.5), 'must be a non-negative integer, not 0.5'],
    ['an empty amount', order(''), 'must be a non-negative integer, not ""'],
    ['an amount in hexadecimal', order('0x10'), 'must be a non-negative integer, not "0x10"'],
    [
      'a payment without an id',
      order('1', { paymentResultList: [{}] }),
      'paymentResultList[0].paymentOrderId',
    ],
    [
      'an id that is too long to be one',
      order('1', { paymentResultList: [{ paymentOrderId: 'x'.repeat(65) }] }),
      '64',
    ],
  ])('is reported with its problem: %s', async (_, body, problem) => {
    const { url } = await serve(signing(answerText('S', 'SUCCESS', body)));
    const answer = await client(url).queryTradeOrder({ tradeId: 'T-1' });
    expect(answer).toMatchObject({ kind: 'unreadable', code: 'SUCCESS' });
    expect((answer as { problems: string[] }).problems.join('\n')).toContain(problem);
  });

  it('is not a success of a refund', async () => {
    const { url } = await serve(signing(answerText('S', 'SUCCESS', { refundToDetails: 'none' })));
    expect(await client(url).refund(cashierBody)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('an answer F', () => {
  it.each([
    ['REFUND_AMOUNT_EXCEED', 'final'],
    ['PROCESS_FAIL', 'operator'],
    ['INVALID_SIGNATURE', 'configuration'],
    ['REFUND_FAILED_TRY_AGAIN_LATER', 'tryLater'],
    ['NEVER_SEEN', 'operator'],
  ])('%s is a failure of the kind %s', async (code, kind) => {
    const { url } = await serve(signing(answerText('F', code)));
    expect(await client(url).refund(cashierBody)).toMatchObject({
      kind: 'failure',
      code,
      message: `about ${code}`,
      signed: true,
      meaning: { kind, advice: expect.any(String) },
    });
  });

  it("with a blank after its code, as on WorldFirst's page, has that code", async () => {
    const { url } = await serve(signing(answerText('F', 'REPEAT_REQ_INCONSISTENT ')));
    expect(await client(url).applyRefund(applyBody)).toMatchObject({
      kind: 'failure',
      code: 'REPEAT_REQ_INCONSISTENT',
      meaning: { kind: 'idInUse' },
    });
  });

  it.each(['INVALID_SIGNATURE', 'KEY_NOT_FOUND', 'UNKNOWN_CLIENT', 'INVALID_CLIENT'])(
    '%s without a signature is a configuration error',
    async (code) => {
      const { url } = await serve((_, response) => response.end(answerText('F', code)));
      expect(await client(url).refund(cashierBody)).toMatchObject({
        kind: 'failure',
        code,
        signed: false,
        meaning: { kind: 'configuration' },
      });
    },
  );
});

describe('the result is unknown after', () => {
  it.each([
    ['U', 'UNKNOWN_EXCEPTION'],
    ['U', 'REQUEST_TRAFFIC_EXCEED_LIMIT'],
    ['U', 'PROCESS_FAIL'],
    ['U', 'NEVER_SEEN'],
    ['F', 'UNKNOWN_EXCEPTION'],
    ['F', 'SUCCESS'],
    ['S', 'PROCESS_FAIL'],
    ['ACCEPTED', 'SUCCESS'],
  ])('%s with %s', async (status, code) => {
    const { url } = await serve(signing(answerText(status, code)));
    expect(await client(url).applyRefund(applyBody)).toMatchObject({
      kind: 'unknown',
      code,
      message: `about ${code}`,
      reason: expect.stringContaining(code),
      advice: expect.any(String),
    });
  });

  const S = answerText('S', 'SUCCESS');
  const path = `${PREFIX}/refund`;
  it.each<[string, string, Record<string, string>, string, number?]>([
    ['S without a signature', S, {}, 'not signed'],
    [
      'S with a signature of another key',
      S,
      signed(path, S, { key: fixtures.stranger.privateKey }),
      'not valid',
    ],
    ['S signed for another path', S, signed(`${PREFIX}/inquireRefund`, S), 'not valid'],
    ['S with another body than was signed', `${S} `, signed(path, S), 'not valid'],
    ['S with another time than was signed', S, { ...signed(path, S), 'Response-Time': '2027' }, 'not valid'],
    ['S for another client', S, signed(path, S, { clientId: 'ANOTHER' }), 'another client id'],
    [
      'S for us that was signed for another client',
      S,
      { ...signed(path, S, { clientId: 'X' }), 'Client-Id': CLIENT_ID },
      'not valid',
    ],
    [
      'S with a malformed signature',
      S,
      { ...signed(path, S), Signature: 'algorithm=RSA256, signature=%%%' },
      'not valid',
    ],
    ['S with the HTTP status 201', S, signed(path, S), 'HTTP status 201', 201],
    [
      'an F about money without a signature',
      answerText('F', 'REFUND_AMOUNT_EXCEED'),
      {},
      'REFUND_AMOUNT_EXCEED',
    ],
    ['U without a signature', answerText('U', 'UNKNOWN_EXCEPTION'), {}, 'not signed'],
    [
      'a configuration error with a signature of another key',
      answerText('F', 'INVALID_SIGNATURE'),
      signed(path, answerText('F', 'INVALID_SIGNATURE'), { key: fixtures.stranger.privateKey }),
      'not valid',
    ],
    [
      'an unsigned configuration error for another client',
      answerText('F', 'KEY_NOT_FOUND'),
      { 'Client-Id': 'X' },
      'another client',
    ],
    [
      'S with the code of a configuration error, unsigned',
      answerText('S', 'INVALID_SIGNATURE'),
      {},
      'not signed',
    ],
    [
      'an unsigned configuration error with the HTTP status 401',
      answerText('F', 'INVALID_SIGNATURE'),
      {},
      '401',
      401,
    ],
    ['a bad gateway', 'upstream error', {}, 'HTTP status 502', 502],
    ['a redirect', '', { Location: '/login' }, 'HTTP status 302', 302],
    ['a page of HTML', '<html>Maintenance</html>', { 'Content-Type': 'text/html' }, 'no readable result'],
    ['an empty answer', '', {}, 'no readable result'],
    ['JSON that is cut off', S.slice(0, -3), signed(path, S.slice(0, -3)), 'no readable result'],
    ['JSON that is null', 'null', signed(path, 'null'), 'no readable result'],
    ['JSON without a result', '{"refundId":"1"}', signed(path, '{"refundId":"1"}'), 'no readable result'],
    [
      'a result without code and status',
      '{"result":{}}',
      signed(path, '{"result":{}}'),
      'no result code, no status',
    ],
  ])('%s', async (_, text, headers, reason, status = 200) => {
    const { url } = await serve((_, response) => response.writeHead(status, headers).end(text));
    const answer = await client(url).refund(cashierBody);
    expect(answer).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(reason) });
    expect(answer).not.toHaveProperty('body');
  });

  it('an answer with a long text, of which only the beginning is kept', async () => {
    const { url } = await serve((_, response) => response.end(answerText('F', 'X'.repeat(100_000))));
    const answer = await client(url).refund(cashierBody);
    expect((answer as { reason: string }).reason.length).toBeLessThan(400);
  });

  it('a broken connection', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    expect(await client(url).refund(cashierBody)).toMatchObject({ kind: 'unknown' });
  });

  it('an abort of a request that has arrived', async () => {
    const abort = new AbortController();
    const { url } = await serve(() => abort.abort());
    expect(await client(url).refund(cashierBody, { signal: abort.signal })).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('nothing was sent when', () => {
  it('the call was aborted before', async () => {
    const { url, seen } = await recording();
    const answer = await client(url).refund(cashierBody, { signal: AbortSignal.abort() });
    expect(answer).toMatchObject({
      kind: 'notSent',
      reason: expect.stringContaining('This call was not sent'),
    });
    expect(seen).toEqual([]);
  });

  it('the client was closed before', async () => {
    const { url, seen } = await recording();
    const worldfirst = client(url);
    worldfirst.close();
    expect(await worldfirst.refund(cashierBody)).toMatchObject({ kind: 'notSent' });
    expect(seen).toEqual([]);
  });

  it('no server listens', async () => {
    const { url, close } = await serve(() => {});
    await close();
    expect(await client(url).refund(cashierBody)).toMatchObject({ kind: 'notSent' });
  });
});

describe('a client', () => {
  const options = {
    baseUrl: 'https://worldfirst.example',
    clientId: CLIENT_ID,
    privateKey: fixtures.partner.privateKey,
    publicKeys: fixtures.worldfirst.publicKey,
  };

  it('shows no key when it is logged', () => {
    const privateKey = fixtures.partner.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const shown = inspect(new WorldFirstClient({ ...options, privateKey }), { depth: 10, showHidden: true });
    expect(shown).toBe('WorldFirstClient {}');
  });

  it('accepts keys as text', async () => {
    const { url } = await serve(signing(answerText('S', 'SUCCESS')));
    const answer = await client(url, {
      privateKey: fixtures.partner.privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
      publicKeys: [
        fixtures.stranger.publicKey,
        fixtures.worldfirst.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      ],
    }).refund(cashierBody);
    expect(answer).toMatchObject({ kind: 'success' });
  });

  it('names every mistake of its options at once', () => {
    const make = () =>
      new WorldFirstClient({
        baseUrl: 'worldfirst.example',
        pathPrefix: 'amsin',
        clientId: 'two words',
        privateKey: fixtures.partner.publicKey,
        publicKeys: [],
        keyVersion: '2, signature=x',
        timeout: 0,
      });
    expect(make).toThrow(InvalidInputError);
    expect(make).toThrow('The input of WorldFirstClient is not valid:\n');
    for (const name of [
      'baseUrl',
      'pathPrefix',
      'clientId',
      'privateKey',
      'publicKeys',
      'keyVersion',
      'timeout',
    ]) {
      expect(make).toThrow(`\n  ${name}: `);
    }
  });

  it.each([
    ['baseUrl with a path', { baseUrl: 'https://worldfirst.example/api' }],
    ['baseUrl with a password', { baseUrl: 'https://a:hunter2@worldfirst.example' }],
    ['baseUrl with another scheme', { baseUrl: 'ftp://worldfirst.example' }],
    ['pathPrefix with a query', { pathPrefix: '/api?x=1' }],
    ['pathPrefix that a URL would write in another way', { pathPrefix: '/api/../other' }],
    ['timeout that would fire at once', { timeout: 2 ** 31 }],
    ['privateKey that is not a key', { privateKey: 'hunter2' }],
  ])('is not created with a %s', (what, given) => {
    const make = () => new WorldFirstClient({ ...options, ...given });
    expect(make).toThrow(`\n  ${what.split(' ')[0]}: `);
    expect(make).not.toThrow('hunter2');
  });
});

describe('an answer with an old time has this time in its reason', () => {
  const MINUTE = 60_000;
  const at = (later: number) => inChinaTime(new Date(Date.now() + later));
  const path = `${PREFIX}/refund`;

  async function answered(text: string, time: string, maxClockSkew?: number) {
    const { url } = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(200, signed(path, text, { time })).end(text));
    });
    return client(url, maxClockSkew === undefined ? {} : { maxClockSkew }).refund(cashierBody);
  }

  it.each([
    ['success', answerText('S', 'SUCCESS')],
    ['failure', answerText('F', 'REFUND_PERIOD_EXPIRED')],
  ])('%s', async (kind, text) => {
    for (const time of [at(-16 * MINUTE), at(16 * MINUTE), at(0).slice(0, 19), 'now'])
      expect(await answered(text, time)).toMatchObject({ kind, old: expect.stringContaining(`"${time}"`) });
    for (const time of [at(-14 * MINUTE), at(14 * MINUTE), new Date().toISOString()])
      expect(await answered(text, time)).not.toHaveProperty('old');
    expect(await answered(text, at(-16 * MINUTE), 17 * MINUTE)).not.toHaveProperty('old');
  });
});

describe('a message that claims to be WorldFirst’s', () => {
  const message = {
    path: '/notify',
    clientId: CLIENT_ID,
    time: '2026-08-30T02:02:39+08:00',
    body: '{"a":1}',
  };
  const messageOf = (signed: typeof message, key = fixtures.worldfirst.privateKey) => {
    const { time, ...rest } = signed;
    const signature = signatureHeader(signed, { privateKey: key, keyVersion: '2' });
    return { ...rest, requestTime: time, signature };
  };

  it.each<[string, boolean, ReturnType<typeof messageOf>]>([
    ['signed by WorldFirst', true, messageOf(message)],
    ['signed by a stranger', false, messageOf(message, fixtures.stranger.privateKey)],
    ['to another client', false, messageOf({ ...message, clientId: 'OTHER' })],
    ['with a part of the body in its time', false, messageOf({ ...message, time: '2026.{"a"', body: ':1}' })],
    ['with another body', false, { ...messageOf(message), body: '{"a":2}' }],
    ['with another path', false, { ...messageOf(message), path: '/other' }],
    ['with another time', false, { ...messageOf(message), requestTime: '2026-08-30T02:02:40+08:00' }],
  ])('%s: %s', (_, expected, given) => {
    expect(client('http://127.0.0.1:1').isSignedByWorldFirst(given)).toBe(expected);
  });
});
