// @module-tag long
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_ID, stranger } from '../worldfirst/fixtures.js';
import { bodyOf, handlerWith, nowhere, signedHeaders } from './fixtures.js';

const BODY = bodyOf('2026112200001');
const HEADERS = signedHeaders(BODY, { time: new Date('2026-11-22T04:08:56Z') });
const SIGNATURE = HEADERS.Signature ?? '';

const client = nowhere();

/** 400: refused. 503: verified, for then Temporal was asked, which is not there. */
async function statusOf(headers: Record<string, string>, body: string | Uint8Array): Promise<number> {
  const { handler } = handlerWith({ client, timeout: 1 });
  return (await handler(new Request('http://h/', { method: 'POST', headers, body }))).status;
}

/** One change somewhere in a text: a character more, one less, or another one. */
function mutated(text: string, characters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) {
  return fc
    .tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(0, 1), fc.option(characters, { nil: '' }))
    .map(([at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed))
    .filter((changed) => changed !== text);
}

const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

/** The bytes of the signature that a header holds, as far as anything can be read there. */
function signatureIn(header: string): string {
  const value = /(?:^|,)\s*signature\s*=\s*([^,]*?)\s*(?:,|$)/.exec(header)?.[1] ?? '';
  try {
    return Buffer.from(decodeURIComponent(value), 'base64').toString('hex');
  } catch {
    return '';
  }
}

it('a valid notification is verified', async () => {
  expect(await statusOf(HEADERS, BODY)).toBe(503);
});

describe('a notification is rejected after any change of', () => {
  it('the body', () =>
    fc.assert(fc.asyncProperty(mutated(BODY), async (body) => (await statusOf(HEADERS, body)) === 400)));

  it('a byte of the body', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat({ max: BODY.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const bytes = Buffer.from(BODY);
          bytes[at] = (bytes[at] as number) ^ mask;
          return (await statusOf(HEADERS, bytes)) === 400;
        },
      ),
    ));

  it.each(['Client-Id', 'Request-Time'])('%s', (name) =>
    fc.assert(
      fc.asyncProperty(
        mutated(HEADERS[name] ?? '', visible),
        async (value) => (await statusOf({ ...HEADERS, [name]: value }, BODY)) === 400,
      ),
    ),
  );

  it('the signature; another encoding of the same signature is not a change', () =>
    fc.assert(
      fc.asyncProperty(mutated(SIGNATURE, visible), async (value) => {
        const status = await statusOf({ ...HEADERS, Signature: value }, BODY);
        return status === 400 || signatureIn(value) === signatureIn(SIGNATURE);
      }),
      { numRuns: 500 },
    ));

  it('a bit of the signature', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: 255 }), fc.nat({ max: 7 }), async (at, bit) => {
        const bytes = Buffer.from(signatureIn(SIGNATURE), 'hex');
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        const value = encodeURIComponent(bytes.toString('base64'));
        const Signature = `algorithm=RSA256, keyVersion=2, signature=${value}`;
        return (await statusOf({ ...HEADERS, Signature }, BODY)) === 400;
      }),
    ));

  it('the boundary between time and body', () =>
    fc.assert(
      fc.asyncProperty(fc.json(), fc.nat({ max: 200 }), async (json, at) => {
        const time = HEADERS['Request-Time'] ?? '';
        const body = `{"n":1.5,"more":${json},"tradeId":"t.1","isRefund":"Y"}`;
        const signed = signedHeaders(body, { time: new Date('2026-11-22T04:08:56Z') });
        const text = `${time}.${body}`;
        const dots = [...text.matchAll(/\./g)].map(({ index }) => index).filter((dot) => dot !== time.length);
        const dot = dots[at % dots.length] as number;
        const headers = { ...signed, 'Request-Time': text.slice(0, dot) };
        // What no header can hold never arrives.
        if (!/^[\x20-\x7e]+$/.test(headers['Request-Time'])) return true;
        return (await statusOf(headers, text.slice(dot + 1))) === 400;
      }),
    ));
});

it('any header and any body: the response is always 400', () =>
  fc.assert(
    fc.asyncProperty(
      fc.string({ unit: visible, minLength: 1 }),
      fc.string({ unit: visible, minLength: 1 }),
      fc.uint8Array({ maxLength: 200 }),
      async (time, Signature, body) =>
        (await statusOf({ 'Client-Id': CLIENT_ID, 'Request-Time': time, Signature }, body)) === 400,
    ),
  ));

it('any body with a signature of another key: the response is always 400', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
      const headers = signedHeaders(body, { privateKey: stranger.privateKey });
      return (await statusOf(headers, body)) === 400;
    }),
    { numRuns: 50 },
  ));

it('any body that WorldFirst signs is delivered or rejected because of its content', () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json(),
        fc
          .record({ tradeId: fc.jsonValue(), isRefund: fc.constantFrom('Y', 'N', 'X', 1) })
          .map((each) => JSON.stringify(each)),
      ),
      async (body) => [400, 503].includes(await statusOf(signedHeaders(body), body)),
    ),
    { numRuns: 50 },
  ));
