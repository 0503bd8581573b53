import type { Payload, PayloadCodec } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import {
  bearerToken,
  type CodecHandlerOptions,
  ConfigurationError,
  createCodecHandler,
  EncryptionCodec,
  toNodeListener,
} from '../../encryption/index.js';
import { payloadsFromJson, payloadsToJson } from '../../encryption/payloads-json.js';
import { serve } from '../support/loopback.js';
import { contentOf, metadataOf, newKey, plainPayload } from './fixtures.js';

const ORIGIN = 'https://temporal.example.com';
const codec = new EncryptionCodec([newKey('2026')]);
const lines: string[] = [];
const handler = handlerWith({ origin: ORIGIN, authorize: bearerToken('a-token') });

function handlerWith(options: Partial<CodecHandlerOptions>) {
  return createCodecHandler({
    codecs: [codec],
    authorize: () => true,
    report: (line) => void lines.push(line),
    ...options,
  });
}

function call(path: string, body: string, headers: Record<string, string> = {}, method = 'POST'): Request {
  const init = { method, headers: { Authorization: 'Bearer a-token', ...headers } };
  return new Request(`http://127.0.0.1:8081${path}`, method === 'POST' ? { ...init, body } : init);
}

const SECRET = { tradeId: 'trade-4711' };
const json = payloadsToJson([plainPayload(SECRET), plainPayload(null)]);

async function payloadsOf(response: Response): Promise<Payload[]> {
  expect(response.status).toBe(200);
  return payloadsFromJson(await response.text()) as Payload[];
}

describe('/encode and /decode', () => {
  test('encode and decode the payloads of a request, in their order', async () => {
    const response = await handler(call('/encode', json, { 'X-Namespace': 'payments' }));
    expect(response.headers.get('content-type')).toBe('application/json');
    const encrypted = await payloadsOf(response);
    expect(encrypted.map((payload) => metadataOf(payload, 'encryption-key-id'))).toEqual(['2026', '2026']);
    const decoded = await payloadsOf(await handler(call('/decode', payloadsToJson(encrypted))));
    expect(decoded.map(contentOf)).toEqual([SECRET, null]);
  });

  test('are found at the end of any path, as endpoints with a namespace have it', async () => {
    await payloadsOf(await handler(call('/codec/payments/encode', json)));
  });

  test('a payload that is in no encoding of ours comes back as it was', async () => {
    const decoded = await payloadsOf(await handler(call('/decode', json)));
    expect(decoded.map(contentOf)).toEqual([SECRET, null]);
  });

  test('several codecs encode in their order and decode in the opposite one', async () => {
    const mark = (name: string): PayloadCodec => ({
      encode: async (payloads) =>
        payloads.map(({ metadata, data }) => ({ metadata, data: plus(data, name) })),
      decode: async (payloads) =>
        payloads.map(({ metadata, data }) => ({ metadata, data: minus(data, name) })),
    });
    const both = handlerWith({ codecs: [mark('a'), mark('b')] });
    const encoded = await payloadsOf(await both(call('/encode', payloadsToJson([plainPayload('x')]))));
    expect(Buffer.from(encoded[0]?.data ?? []).toString()).toBe('"x"ab');
    const decoded = await payloadsOf(await both(call('/decode', payloadsToJson(encoded))));
    expect(decoded.map(contentOf)).toEqual(['x']);
  });
});

describe('a request is refused', () => {
  test.each([
    ['without a token: 401', call('/decode', json, { Authorization: '' }), 401, 'Authorization'],
    ['with another token: 401', call('/decode', json, { Authorization: 'Bearer b' }), 401, 'Authorization'],
    ['with the token alone: 401', call('/decode', json, { Authorization: 'a-token' }), 401, 'Authorization'],
    [
      'from a page of another origin: 403',
      call('/decode', json, { Origin: 'https://evil.example' }),
      403,
      'evil',
    ],
    ['from a page without an origin: 403', call('/decode', json, { Origin: 'null' }), 403, 'may not call'],
    ['at another path: 404', call('/', json), 404, '/encode or /decode'],
    ['that is no POST: 405', call('/decode', '', {}, 'GET'), 405, 'POST'],
    ['that is no JSON: 400', call('/decode', 'x'), 400, '{"payloads": [...]}'],
    ['whose payloads are no list: 400', call('/decode', '{"payloads":5}'), 400, '{"payloads": [...]}'],
    ['whose payloads are no objects: 400', call('/decode', '{"payloads":["x"]}'), 400, '{"payloads": [...]}'],
  ])('%s', async (_, request, status, reason) => {
    const response = await handler(request);
    expect({ status: response.status, body: await response.text() }).toEqual({
      status,
      body: expect.stringContaining(reason),
    });
    expect(lines.at(-1)).toMatch(new RegExp(`^${status} `));
  });

  test('by a page when no origin is named', async () => {
    const closed = handlerWith({});
    expect((await closed(call('/decode', json, { Origin: ORIGIN }))).status).toBe(403);
    await payloadsOf(await closed(call('/decode', json)));
  });

  test('with 400 and the key id when its key is missing', async () => {
    const other = payloadsToJson(await new EncryptionCodec([newKey('2025')]).encode([plainPayload(SECRET)]));
    const response = await handler(call('/decode', other));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('encrypted with the key "2025", and the keys here are 2026');
  });

  test('with a body above the limit: 413, and no more of it is read', async () => {
    const large = JSON.stringify({ payloads: [{ data: 'A'.repeat(9_000_000) }] });
    expect((await handler(call('/decode', large))).status).toBe(413);
  });

  test('without a word of the payload, when a codec of your own fails', async () => {
    const failing = handlerWith({
      codecs: [{ encode: async () => Promise.reject(new Error('trade-4711')), decode: async (all) => all }],
    });
    const response = await failing(call('/encode', json));
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('the codec did not encode the payloads\n');
  });

  test('with 500, when the authorization fails', async () => {
    const failing = handlerWith({ authorize: () => Promise.reject(new Error('no such user')) });
    expect((await failing(call('/encode', json))).status).toBe(500);
  });
});

describe('CORS', () => {
  test('a preflight of the named origin is allowed, without a token, for the headers that the Web UI sends', async () => {
    const response = await handler(call('/decode', '', { Origin: ORIGIN, Authorization: '' }, 'OPTIONS'));
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Authorization, Content-Type, X-Namespace',
      vary: 'Origin',
    });
  });

  test('a preflight of another origin is refused', async () => {
    const response = await handler(call('/decode', '', { Origin: 'https://evil.example' }, 'OPTIONS'));
    expect(response.status).toBe(403);
  });

  test('a refusal can be read by the page too', async () => {
    const response = await handler(call('/decode', 'x', { Origin: ORIGIN }));
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  test.each(['temporal.example.com', 'https://temporal.example.com/', 'https://a.example/ui', '*'])(
    '%s is not an origin',
    (origin) => {
      expect(() => handlerWith({ origin })).toThrow(ConfigurationError);
    },
  );
});

describe('behind a real server', () => {
  test('payloads of megabytes are encoded and decoded', async () => {
    const { url } = await serve(toNodeListener(handlerWith({ origin: ORIGIN })));
    const large = payloadsToJson([plainPayload('x'.repeat(2_000_000))]);
    const encoded = await fetch(`${url}/encode`, { method: 'POST', body: large });
    const decoded = await fetch(`${url}/decode`, { method: 'POST', body: await encoded.text() });
    expect(contentOf((await payloadsOf(decoded))[0])).toHaveLength(2_000_000);
  });
});

test('no line of the log holds anything of a payload or of a token', () => {
  expect(lines.length).toBeGreaterThan(20);
  expect(lines).toContain('200 encoded 2 payloads');
  const log = lines.join('\n');
  for (const secret of ['4711', Buffer.from(JSON.stringify(SECRET)).toString('base64'), 'a-token'])
    expect(log).not.toContain(secret);
});

function plus(data: Uint8Array | null | undefined, text: string): Uint8Array {
  return Buffer.concat([data ?? new Uint8Array(), Buffer.from(text)]);
}

function minus(data: Uint8Array | null | undefined, text: string): Uint8Array {
  const given = Buffer.from(data ?? []);
  expect(given.toString().endsWith(text)).toBe(true);
  return given.subarray(0, -text.length);
}
