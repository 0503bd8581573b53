// @module-tag long
import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inquiryAnswer } from '../../activities/inquiry-answer.js';
import type { Inquiry } from '../../rules/integrity.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import { CLIENT_ID, PREFIX, partner, signed, stranger, worldfirst } from '../worldfirst/fixtures.js';
import { anyText, isAmbiguous, NUMBERS, type Tree, textOf, trees } from './json-tree.js';
import { http, type RawAnswer, RawServer } from './raw-server.js';

const PATH = `${PREFIX}/inquireRefund`;
const TIME = '2026-11-22T12:08:56+08:00';
const server = new RawServer();
const elsewhere = new RawServer();
const clients: WorldFirstClient[] = [];

beforeAll(() => Promise.all([server.start(), elsewhere.start()]));
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all([server.stop(), elsewhere.stop()]);
});

function clientWith(timeout: number): WorldFirstClient {
  const made = new WorldFirstClient({
    baseUrl: server.url,
    clientId: CLIENT_ID,
    privateKey: partner.privateKey,
    publicKeys: worldfirst.publicKey,
    timeout,
  });
  clients.push(made);
  return made;
}

let client: WorldFirstClient | undefined;

/** What is made of an answer to an inquiry. */
async function reading(answer: RawAnswer, asking?: WorldFirstClient) {
  client ??= clientWith(20_000);
  server.answer = answer;
  return (asking ?? client).inquireRefund({ refundRequestIds: ['R-1'] });
}

const signs = (body: string, more: Parameters<typeof signed>[2] = {}) =>
  signed(PATH, body, { time: TIME, ...more });
const readingSigned = (body: string) => reading(http({ headers: signs(body), body }));

const RESULT = '"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"fine"}';
const OURS = '"refundRequestId":"R-1"';
const bodyWith = (entry: string) => `{${RESULT},"refundInformation":[{${entry}}]}`;
const SETTLED = bodyWith(`${OURS},"refundStatus":"SUCCESS"`);
const INQUIRY: Inquiry = {
  refundRequestId: 'R-1',
  expected: { amounts: [{ currency: 'USD', value: 1234 }] },
};

it('the answer that all of these are made from is a success', async () => {
  const answer = await readingSigned(SETTLED);
  expect(inquiryAnswer(INQUIRY, answer)).toMatchObject({ kind: 'settled' });
});

/** Whether it rests on WorldFirst's signature. */
const isTrusted = (answer: Awaited<ReturnType<typeof reading>>) =>
  answer.kind === 'success' || answer.kind === 'unreadable' || (answer.kind === 'failure' && answer.signed);

describe('any bytes', () => {
  const forged = signs(SETTLED, { key: stranger.privateKey });
  const pieces = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.1 204 \r\n',
    'HTTP/1.1 304 Not Modified\r\n',
    'HTTP/1.1 103 Early Hints\r\n',
    'HTTP/1.1 99999 X\r\n',
    'HTTP/2 200\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 18446744073709551617\r\n',
    `Content-Length: ${SETTLED.length}\r\n`,
    'Transfer-Encoding: chunked\r\n',
    'Content-Encoding: gzip\r\n',
    'Connection: keep-alive\r\n',
    ...Object.entries(forged).map(([name, value]) => `${name}: ${value}\r\n`),
    ' folded\r\n',
    'No-Colon\r\n',
    '\r\n',
    '\n',
    '\0',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'FFFFFFFFFFFFFFFFF\r\n',
    SETTLED,
  );
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(pieces, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    fc
      .array(pieces, { maxLength: 8 })
      .map((parts) => Buffer.from(`HTTP/1.1 200 OK\r\n${parts.join('')}`, 'latin1')),
    // Well formed but for one thing.
    pieces.map((odd) => {
      const headers = Object.entries(forged).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = `Content-Length: ${SETTLED.length}\r\n`;
      return Buffer.from(`HTTP/1.1 200 OK\r\n${headers.join('')}${length}${odd}\r\n${SETTLED}`, 'latin1');
    }),
  );

  it('are read without an exception, prove nothing, and are never taken for a request that was not sent', () =>
    fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        expect((await reading(bytes)).kind).toBe('unknown');
      }),
      { numRuns: 120 },
    ));
});

describe('an answer that WorldFirst signed, and somebody on the way changed', () => {
  type Parts = { status: number; headers: Record<string, string | string[]>; body: Buffer };
  const bytes = Buffer.from(SETTLED);
  const whole: Parts = { status: 200, headers: signs(SETTLED), body: bytes };
  const name = fc.constantFrom('Client-Id', 'Response-Time', 'Signature');
  const visible = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));

  const spliced = (text: string, at: number, removed: number, added: string) =>
    text.slice(0, at % (text.length + 1)) + added + text.slice((at % (text.length + 1)) + removed);

  const changes: fc.Arbitrary<(parts: Parts) => Parts> = fc.oneof(
    fc
      .tuple(fc.nat(), fc.nat(2), fc.uint8Array({ maxLength: 3 }))
      .map(([at, removed, added]) => (parts: Parts) => {
        const text = spliced(
          parts.body.toString('latin1'),
          at,
          removed,
          Buffer.from(added).toString('latin1'),
        );
        return { ...parts, body: Buffer.from(text, 'latin1') };
      }),
    fc
      .tuple(name, fc.nat(), fc.nat(2), fc.option(visible, { nil: '' }))
      .map(([key, at, removed, added]) => (parts: Parts) => ({
        ...parts,
        headers: { ...parts.headers, [key]: spliced(String(parts.headers[key]), at, removed, added) },
      })),
    fc.tuple(name, fc.string({ unit: visible })).map(([key, value]) => (parts: Parts) => ({
      ...parts,
      headers: { ...parts.headers, [key]: [String(parts.headers[key]), value] },
    })),
    name.map((key) => ({ headers: { [key]: _, ...headers }, ...parts }: Parts) => ({ ...parts, headers })),
    fc.constantFrom(200, 201, 204, 301, 304, 500).map((status) => (parts: Parts) => ({ ...parts, status })),
    fc.constantFrom('gzip', 'br', 'deflate', 'zstd', 'gzip, gzip').map((encoding) => (parts: Parts) => ({
      ...parts,
      headers: { ...parts.headers, 'Content-Encoding': encoding },
    })),
    fc.constant((parts: Parts) => ({ ...parts, body: gzipSync(parts.body) })),
  );

  it('is trusted only where its body is still the signed one, byte for byte', () =>
    fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 3 }), async (some) => {
        const changed = some.reduce((parts, change) => change(parts), whole);
        const answer = await reading(http(changed));
        if (!isTrusted(answer)) return;
        const isPacked = changed.headers['Content-Encoding'] === 'gzip' && !changed.body.equals(bytes);
        expect((isPacked ? SETTLED : changed.body.toString('latin1')) === SETTLED).toBe(true);
        expect(changed.status).toBe(200);
        for (const key of ['Response-Time', 'Client-Id']) {
          if (changed.headers[key] !== undefined) expect(changed.headers[key]).toBe(whole.headers[key]);
        }
      }),
      { numRuns: 120 },
    ));
});

describe('whatever WorldFirst signs', () => {
  const keys = [
    'result',
    'resultStatus',
    'resultCode',
    'resultMessage',
    'refundInformation',
    'refundRequestId',
    'refundStatus',
    'refundId',
    'refundAmount',
    'currency',
    'value',
  ];
  const some = trees(keys);
  const token = (text: string): Tree => ({ kind: 'token', text });
  const object = (members: [string, Tree][]): Tree => ({ kind: 'object', members });
  const amount = fc
    .tuple(fc.constantFrom('"USD"', '"EUR"', 'null'), fc.constantFrom('1234', '"1234"', '1235', ...NUMBERS))
    .map(([currency, value]) =>
      object([
        ['currency', token(currency)],
        ['value', token(value)],
      ]),
    );
  const member: fc.Arbitrary<[string, Tree]> = fc.oneof(
    fc.constantFrom<[string, Tree]>(
      ['refundRequestId', token('"R-1"')],
      ['refundStatus', token('"SUCCESS"')],
      ['refundStatus', token('"FAIL"')],
    ),
    fc.tuple(fc.constant('refundAmount'), amount),
    fc.tuple(fc.constantFrom('__proto__', 'constructor', 'refundId'), some),
  );
  const entry = fc.array(member, { minLength: 1, maxLength: 5 }).map(object);
  const signedTrees = fc
    .tuple(
      fc.array(entry, { maxLength: 2 }),
      fc.option(fc.tuple(fc.constantFrom(...keys), some), { nil: undefined }),
    )
    .map(([items, more]) =>
      object([
        [
          'result',
          object([
            ['resultStatus', token('"S"')],
            ['resultCode', token('"SUCCESS"')],
          ]),
        ],
        ['refundInformation', { kind: 'list', items }],
        ...(more ? [more] : []),
      ]),
    );

  it('says one thing or nothing: with a key given twice it is unknown, and only a clear SUCCESS of ours is settled', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(signedTrees, some), async (tree) => {
        const text = textOf(tree);
        const answer = await readingSigned(text);
        if (isAmbiguous(tree)) expect(answer.kind).toBe('unknown');
        const said = inquiryAnswer(INQUIRY, answer);
        if (said.kind === 'settled') {
          const { refundInformation } = JSON.parse(text);
          const ours = refundInformation.filter(
            (one: { refundRequestId?: unknown }) => one.refundRequestId === 'R-1',
          );
          expect(ours).toEqual([expect.objectContaining({ refundStatus: 'SUCCESS' })]);
          if (ours[0].refundAmount) expect(Number(ours[0].refundAmount.value)).toBe(1234);
        }
        const words = Object.values(said)
          .flat()
          .filter((each) => typeof each === 'string');
        for (const each of words) expect(each.length).toBeLessThan(1_500);
        expect(({} as Record<string, unknown>).refundStatus).toBeUndefined();
      }),
      { numRuns: 150 },
    ));

  it('its code and its message are whole characters, and not too many of them', () =>
    fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom('x', '退', '𝄞', '\ud834'), async (start, filling) => {
        const text = start + filling.repeat(3_000);
        const result = { resultStatus: 'U', resultCode: text, resultMessage: text };
        const answer = await readingSigned(JSON.stringify({ result }));
        const { code = '', message = '', reason } = answer as Record<string, string>;
        for (const each of [code, message, reason]) expect(each?.isWellFormed()).toBe(true);
        expect([code.length, message.length]).toEqual([Math.min(code.length, 256), 1_000]);
      }),
      { numRuns: 25 },
    ));

  it.each([
    ['two results of one refund', bodyWith(`${OURS},"refundStatus":"FAIL","refundStatus":"SUCCESS"`)],
    [
      'a key given twice, once by escapes',
      bodyWith(`${OURS},"refundStatus":"FAIL","refund\\u0053tatus":"SUCCESS"`),
    ],
    ['two amounts', bodyWith(`${OURS},"refundAmount":{"currency":"USD","value":1,"value":1234}`)],
    [
      'two lists',
      `{${RESULT},"refundInformation":[],"refundInformation":[{${OURS},"refundStatus":"SUCCESS"}]}`,
    ],
    ['two results', `{"result":{"resultStatus":"U"},${RESULT}}`],
    ['a key given twice where nobody looks', `{${RESULT},"extra":{"a":1,"a":2}}`],
    ['two byte order marks', `\uFEFF\uFEFF${SETTLED}`],
    ['a byte order mark within it', `{\uFEFF${SETTLED.slice(1)}`],
    ['a NUL byte', SETTLED.replace('fine', 'fi\0ne')],
    ['more after its end', `${SETTLED}{}`],
  ])('%s: unknown', async (_, body) => {
    const answer = await readingSigned(body);
    expect(answer).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no readable result (line'),
    });
  });

  it('a hundred thousand brackets: unknown', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await readingSigned(`{${RESULT},"x":${nested}}`)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('nested'),
    });
  });

  it.each(NUMBERS.filter((number) => !['12.340', '1E3', '-0', '0.1e-400'].includes(number)))(
    'an amount of %s cannot be read',
    async (number) => {
      const amount = `"refundAmount":{"currency":"USD","value":${number}}`;
      const answer = await readingSigned(bodyWith(`${OURS},"refundStatus":"SUCCESS",${amount}`));
      expect(answer).toMatchObject({ kind: 'unreadable' });
      expect(inquiryAnswer(INQUIRY, answer)).toMatchObject({ kind: 'mismatch' });
    },
  );

  it('what would change every object changes none', async () => {
    const hidden = `{"refundInformation":[{${OURS},"refundStatus":"SUCCESS"}]}`;
    const answer = await readingSigned(
      `{${RESULT},"__proto__":${hidden},"constructor":{"prototype":${hidden}}}`,
    );
    expect(inquiryAnswer(INQUIRY, answer)).toMatchObject({ kind: 'notFound' });
    expect(({} as Record<string, unknown>).refundInformation).toBeUndefined();
  });

  it('an id of 65 characters is another id than ours, and one of 257 is none', async () => {
    const long = bodyWith(`"refundRequestId":"R-1${'x'.repeat(62)}","refundStatus":"SUCCESS"`);
    expect(inquiryAnswer(INQUIRY, await readingSigned(long))).toMatchObject({ kind: 'mismatch' });
    const tooLong = bodyWith(`${OURS},"refundId":"${'x'.repeat(257)}","refundStatus":"SUCCESS"`);
    expect(await readingSigned(tooLong)).toMatchObject({ kind: 'unreadable' });
  });

  it('a list of very many refunds makes a short case for a person', async () => {
    const entries = (entry: string) => `{${RESULT},"refundInformation":[${Array(5_000).fill(entry).join()}]}`;
    for (const entry of ['{"refundRequestId":"X-1"}', `{${OURS},"refundId":"1"}`, '{"refundId":1}']) {
      const said = inquiryAnswer(INQUIRY, await readingSigned(entries(entry)));
      expect(said.kind).toBe('mismatch');
      expect(JSON.stringify(said).length).toBeLessThan(15_000);
    }
  });
});

describe('not the signed bytes', () => {
  it('bytes that are no UTF-8, though their text is the signed one', async () => {
    const text = SETTLED.replace('fine', 'fi\uFFFDne');
    const body = Buffer.from(SETTLED.replace('fine', 'fi\u00ffne'), 'latin1');
    expect(body.toString('utf8')).toBe(text);
    expect(await reading(http({ headers: signs(text), body }))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('not UTF-8'),
    });
  });

  it('a part of the body that was moved into the time', async () => {
    const headers = signs(`{"remark":".${SETTLED}`);
    const moved = { ...headers, 'Response-Time': `${TIME}.{"remark":"` };
    expect((await reading(http({ headers: moved, body: SETTLED }))).kind).toBe('unknown');
  });

  it.each([
    ['a signature that comes twice', { Signature: [signs(SETTLED).Signature, signs(SETTLED).Signature] }],
    ['a forged signature beside a true one', { Signature: ['algorithm=none', signs(SETTLED).Signature] }],
    ['a time that comes twice', { 'Response-Time': [TIME, TIME] }],
    [
      'a signature that is folded',
      { Signature: `\r\n ${signs(SETTLED).Signature}`.replace('RSA256,', 'RSA256,\r\n x,') },
    ],
  ])('%s: unknown', async (_, headers) => {
    const all = { ...signs(SETTLED), ...headers } as Record<string, string | string[]>;
    expect((await reading(http({ headers: all, body: SETTLED }))).kind).toBe('unknown');
  });

  it('a signature that comes after the body', async () => {
    const { Signature, ...headers } = signs(SETTLED);
    const body = `${SETTLED.length.toString(16)}\r\n${SETTLED}\r\n0\r\nSignature: ${Signature}\r\n\r\n`;
    const answer = await reading(
      http({ headers: { ...headers, 'Transfer-Encoding': 'chunked', Trailer: 'Signature' }, body }),
    );
    expect(answer).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('not signed') });
  });

  it.each([204, 304])('the status %i, which has no body', async (status) => {
    const headers = { ...signs(''), 'Content-Length': String(SETTLED.length) };
    expect((await reading(http({ status, headers }))).kind).toBe('unknown');
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect with %i to somebody else, who hears nothing',
    async (status) => {
      const headers = { ...signs(''), Location: `${elsewhere.url}${PATH}` };
      expect((await reading(http({ status, headers }))).kind).toBe('unknown');
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it('a length that is too short', async () => {
    const headers = { ...signs(SETTLED), 'Content-Length': String(SETTLED.length - 1) };
    expect((await reading(http({ headers, body: SETTLED }))).kind).toBe('unknown');
  });
});

describe('the signed bytes, however they are framed', () => {
  const lines = Object.entries(signs(SETTLED)).map(([name, value]) => `${name}: ${value}\r\n`);
  it.each([
    ['HTTP/1.0 without a length', `HTTP/1.0 200 OK\r\n${lines.join('')}\r\n${SETTLED}`],
    [
      'after other answers',
      `HTTP/1.1 103 X\r\nSignature: x\r\n\r\nHTTP/1.1 102 X\r\n\r\nHTTP/1.1 200 OK\r\n${lines.join('')}\r\n${SETTLED}`,
    ],
    [
      'after "100 Continue" that was not asked for',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${lines.join('')}Content-Length: ${SETTLED.length}\r\n\r\n${SETTLED}`,
    ],
    [
      'in chunks, with trailers',
      `HTTP/1.1 200 OK\r\n${lines.join('')}Transfer-Encoding: chunked\r\n\r\n${SETTLED.length.toString(16)};x=y\r\n${SETTLED}\r\n0\r\nSignature: x\r\n\r\n`,
    ],
  ])('%s: a success', async (_, text) => {
    expect(await reading(Buffer.from(text))).toMatchObject({ kind: 'success' });
  });

  it.each(['gzip', 'x-gzip'])('packed with %s: a success', async (encoding) => {
    const headers = { ...signs(SETTLED), 'Content-Encoding': encoding };
    expect(await reading(http({ headers, body: gzipSync(SETTLED) }))).toMatchObject({ kind: 'success' });
  });

  it('with a byte order mark, which is signed: a success', async () => {
    expect(await readingSigned(`\uFEFF${SETTLED}`)).toMatchObject({ kind: 'success' });
  });

  it('with a byte order mark that was not signed: unknown', async () => {
    const answer = await reading(http({ headers: signs(SETTLED), body: `\uFEFF${SETTLED}` }));
    expect(answer).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('not valid') });
  });

  it('HTTP/1.0 that was cut off, which only the signature shows', async () => {
    const text = `HTTP/1.0 200 OK\r\n${lines.join('')}\r\n${SETTLED.slice(0, -1)}`;
    expect((await reading(Buffer.from(text))).kind).toBe('unknown');
  });
});

describe('an answer without end', () => {
  const MOST_TAKEN = 32 * 1024 * 1024;
  const KIBIBYTES_64 = Buffer.alloc(64 * 1024, 'x');

  /** Writes as fast as it is taken, until nobody takes it any more. */
  const endless = (start: string, piece: string | Buffer) => (socket: Socket) => {
    socket.write(start);
    const more = () => {
      while (!socket.destroyed && socket.write(piece)) {}
    };
    socket.on('drain', more);
    more();
  };

  it.each([
    ['in its status', 'HTTP/1.1 200 ', KIBIBYTES_64],
    ['in the extension of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;', KIBIBYTES_64],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n', KIBIBYTES_64],
    ['until the connection ends', 'HTTP/1.0 200 OK\r\n\r\n', KIBIBYTES_64],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', `10000\r\n${KIBIBYTES_64}\r\n`],
    ['in one header', 'HTTP/1.1 200 OK\r\nX: ', KIBIBYTES_64],
    ['in its headers', 'HTTP/1.1 200 OK\r\n', 'X: y\r\n'.repeat(10_000)],
    [
      'in its trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
      'X: y\r\n'.repeat(10_000),
    ],
  ])('%s is cut off, and unknown', async (_, start, piece) => {
    server.taken = 0;
    const answer = await reading(endless(start, piece));
    expect(answer.kind).toBe('unknown');
    expect((answer as { reason: string }).reason).not.toContain('within');
    expect(server.taken).toBeLessThan(MOST_TAKEN);
  });

  it('before which other answers come without end is over when its time is', async () => {
    const piece = 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n'.repeat(1_000);
    expect(await reading(endless('', piece), clientWith(200))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no complete answer within 0.2 s'),
    });
  });

  it.each([
    ['a bomb of gzip', 'gzip', gzipSync(Buffer.alloc(32 * 1024 * 1024))],
    ['a bomb of brotli', 'br', brotliCompressSync(Buffer.alloc(32 * 1024 * 1024))],
  ])('%s is not unpacked to its end', async (_, encoding, body) => {
    expect(body.length).toBeLessThan(100_000);
    expect(await reading(http({ headers: { 'Content-Encoding': encoding }, body }))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('more than 1048576 bytes'),
    });
  });

  const drip = (start: string, piece: string) => (socket: Socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(piece), 20);
    socket.on('close', () => clearInterval(timer));
  };

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X: y\r\n'],
    ['answers before the answer', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ])('one that trickles %s has one time limit for all of it', async (_, start, piece) => {
    const hasty = clientWith(200);
    expect(await reading(drip(start, piece), hasty)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no complete answer within 0.2 s'),
    });
  });
});

it('line breaks in ids stay in the body, and make no header and no other request', async () => {
  server.requests.length = 0;
  server.answer = http({ body: '{}' });
  const evil = 'R-1\r\nX-Evil: 1\r\n\r\nPOST /evil HTTP/1.1\r\n';
  await client?.inquireRefund({ refundRequestIds: [evil] });
  expect(server.requests).toHaveLength(1);
  const [head, body] = (server.requests[0] ?? '').split('\r\n\r\n');
  expect(head).not.toMatch(/evil/i);
  expect(JSON.parse(body ?? '')).toEqual({ refundRequestIds: [evil] });
});
