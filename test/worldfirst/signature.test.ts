import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateKeyFrom, publicKeysFrom } from '../../worldfirst/keys.js';
import { type SignedText, signatureHeader, verifySignature } from '../../worldfirst/signature.js';
import vectors from './vectors/throw-away-test-key.json' with { type: 'json' };

const privateKey = privateKeyFrom(vectors.throwAwayTestKey.privateKeyPkcs8);
const publicKeys = publicKeysFrom(vectors.throwAwayTestKey.publicKeySpki);
const header = (signature: string) => `algorithm=RSA256, keyVersion=2, signature=${signature}`;

describe.each(vectors.vectors)('a text signed by openssl: $name', ({ signature, name: _, ...text }) => {
  it('has the same signature as ours', () => {
    expect(signatureHeader(text, { privateKey, keyVersion: '2' })).toBe(
      header(encodeURIComponent(signature)),
    );
  });

  it('has a valid signature, URL-encoded or raw', () => {
    expect(verifySignature(text, header(encodeURIComponent(signature)), publicKeys)).toBe(true);
    expect(verifySignature(text, header(signature), publicKeys)).toBe(true);
  });
});

const text: SignedText = {
  path: '/amsin/api/v1/business/refund',
  clientId: 'C-1',
  time: '2026-08-30T02:02:39+08:00',
  body: '{"refundReason":"退货"}',
};
const key = { privateKey, keyVersion: '2' };
const made = signatureHeader(text, key);
const value = /signature=(.*)$/.exec(made)?.[1] ?? '';

/** The text with a number that makes its signature hold a certain character, for signatures can't be chosen. */
function textWhoseSignatureHas(character: string): [SignedText, string] {
  for (let n = 0; ; n += 1) {
    const numbered = { ...text, body: String(n) };
    const raw = decodeURIComponent(/signature=(.*)$/.exec(signatureHeader(numbered, key))?.[1] ?? '');
    if (raw.includes(character)) return [numbered, raw];
  }
}

describe('a header', () => {
  it('has the documented form', () => {
    expect(made).toMatch(/^algorithm=RSA256, keyVersion=2, signature=[A-Za-z0-9%]+$/);
    expect(signatureHeader(text, { privateKey, keyVersion: '7' })).toContain('keyVersion=7,');
  });

  it.each([
    ['without blanks', `algorithm=RSA256,keyVersion=2,signature=${value}`],
    ['with blanks around everything', ` algorithm = RSA256 ,\t keyVersion=2 , signature=${value} `],
    ['in another order', `signature=${value}, keyVersion=2, algorithm=RSA256`],
    ['without a key version', `algorithm=RSA256, signature=${value}`],
    ['with an empty key version', `algorithm=RSA256, keyVersion=, signature=${value}`],
    ['with escapes in lower case', made.replaceAll(/%../g, (escaped) => escaped.toLowerCase())],
  ])('is valid %s', (_, given) => {
    expect(verifySignature(text, given, publicKeys)).toBe(true);
  });

  it.each(['+', '/', '='])('is valid with a raw %s in its value', (character) => {
    const [numbered, raw] = textWhoseSignatureHas(character);
    expect(verifySignature(numbered, header(raw), publicKeys)).toBe(true);
  });

  it('is not valid if its plus signs were decoded as blanks', () => {
    const [numbered, raw] = textWhoseSignatureHas('+');
    expect(verifySignature(numbered, header(raw.replaceAll('+', ' ')), publicKeys)).toBe(false);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['without a signature', 'algorithm=RSA256, keyVersion=2'],
    ['with an empty signature', header('')],
    ['of another algorithm', made.replace('RSA256', 'RSA1')],
    ['with the algorithm none', made.replace('RSA256', 'none')],
    ['without an algorithm', `signature=${value}`],
    ['with a malformed escape', `${made}%`],
    ['with an escape that is no UTF-8', header('%FF%FE')],
    ['with two signatures', `${made}, signature=${value}`],
    ['that is no list of fields', value],
    ['with a field without a name', `${made}, =x`],
    ['with a field of two names', `some ${made}`],
    ['with something behind the signature', header(`${decodeURIComponent(value)}!`)],
    ['with more padding than there can be', header(`${decodeURIComponent(value)}=`)],
    ['with characters that are not of base64', header(`!${value}`)],
    ['with a signature that is too short', header('AAAA')],
    ['with half of the signature', header(value.slice(0, 100))],
  ])('is not valid when it is %s, and nothing is thrown', (_, given) => {
    expect(verifySignature(text, given, publicKeys)).toBe(false);
  });
});

describe('a valid signature', () => {
  it.each(['path', 'clientId', 'time', 'body'] as const)('is not valid for another %s', (field) => {
    expect(verifySignature({ ...text, [field]: `${text[field]} ` }, made, publicKeys)).toBe(false);
  });

  it.each(['', ' 2026', '2026 ', '{2026', '2026}', '2026"', '20 26'])(
    'is not valid with the time %j, which may hold a piece of a body',
    (time) => {
      const other = { ...text, time };
      expect(verifySignature(other, signatureHeader(other, key), publicKeys)).toBe(false);
    },
  );

  it('is not valid for a body that was parsed and serialized again', () => {
    const spaced = { ...text, body: '{ "refundReason": "退货" }' };
    const again = { ...text, body: JSON.stringify(JSON.parse(spaced.body)) };
    expect(verifySignature(again, signatureHeader(spaced, key), publicKeys)).toBe(false);
  });

  it('is not valid for another key, and valid if one of several keys matches', () => {
    const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(verifySignature(text, made, [others.publicKey])).toBe(false);
    expect(verifySignature(text, made, [others.publicKey, ...publicKeys])).toBe(true);
    expect(verifySignature(text, made, [])).toBe(false);
  });

  it('of a key whose signatures need no padding is valid', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1536 });
    const other = signatureHeader(text, { ...key, privateKey: short.privateKey });
    expect(other).not.toMatch(/%3D$/);
    expect(verifySignature(text, other, [short.publicKey])).toBe(true);
  });

  it('with another padding is not valid', () => {
    const bytes = `POST ${text.path}\n${text.clientId}.${text.time}.${text.body}`;
    const pss = createSign('RSA-SHA256').update(bytes).sign({ key: privateKey, padding: 6 }, 'base64');
    expect(verifySignature(text, header(pss), publicKeys)).toBe(false);
  });
});

it('our signature is valid for openssl on this machine', ({ skip }) => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
  } catch {
    skip('there is no openssl on the PATH');
  }
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const folder = mkdtempSync(join(tmpdir(), 'signature-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const signature =
    signatureHeader(text, { ...key, privateKey: pair.privateKey }).split('signature=')[1] ?? '';
  const said = execFileSync('openssl', [
    'dgst',
    '-sha256',
    '-verify',
    file('key.pem', pair.publicKey.export({ type: 'spki', format: 'pem' })),
    '-signature',
    file('signature', Buffer.from(decodeURIComponent(signature), 'base64')),
    file('text', `POST ${text.path}\n${text.clientId}.${text.time}.${text.body}`),
  ]);
  expect(said.toString()).toContain('Verified OK');
});
