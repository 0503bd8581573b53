import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readDer, splitDer } from '../../worldfirst/key-der.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hexOf = (pieces: Buffer[]) => pieces.map((piece) => piece.toString('hex'));

describe('DER', () => {
  it('of a key is read', () => {
    expect(readDer(pkcs8)).toMatchObject({ what: 'an RSA private key' });
    expect(readDer(pkcs8).key?.equals(privateKey)).toBe(true);
    expect(readDer(spki).key?.equals(publicKey)).toBe(true);
  });

  it('of a key with more bytes after it is not a key', () => {
    expect(readDer(Buffer.concat([pkcs8, bytes('00')]))).toEqual({
      what: 'an RSA private key with 1 more bytes after it',
    });
  });

  it.each([
    ['of a whole store', '30 06 02 01 03 30 01 00', /PKCS#12/],
    [
      'of a store with more bytes after it',
      '30 06 02 01 03 30 01 00 00',
      /^a PKCS#12 store \(.p12 or .pfx\)$/,
    ],
    ['of an incomplete store', '30 07 02 01 03 30 01 00', /not a key/],
    ['of something else than a sequence', '04 06 02 01 03 30 01 00', /not a key/],
    ['of another sequence', '30 06 02 01 04 30 01 00', /not a key/],
  ])('%s is named', (_, hex, what) => {
    const found = readDer(bytes(hex));
    expect(found.key).toBeUndefined();
    expect(found.what).toMatch(what);
  });
});

describe('several DER structures', () => {
  it('are divided where each of them ends', () => {
    const all = [pkcs8, spki, pkcs8];
    expect(hexOf(splitDer(Buffer.concat(all)))).toEqual(hexOf(all));
  });

  it.each([
    ['of short lengths', ['3001aa', '3000']],
    ['of the longest short length', [`307f${'aa'.repeat(127)}`, '3000']],
    ['of lengths in one byte', ['308101aa', '3000']],
    ['of lengths in four bytes', ['308400000001aa', '3000']],
    ['of which the last is its head alone', ['3000', '308100']],
  ])('%s are divided', (_, pieces) => {
    expect(hexOf(splitDer(bytes(pieces.join(''))))).toEqual(pieces);
  });

  it.each([
    ['no bytes', ''],
    ['something else than a sequence', '31003000'],
    ['a length without an end', `3080${'aa'.repeat(128)}3000`],
    ['a length without an end, and nothing else', '3080'],
    ['a length in more than four bytes', '30850000000001aa3000'],
    ['a length that is incomplete', '30840000'],
    ['a sequence that is incomplete', '3003aa'],
    ['a sequence with other bytes after it', '3001aa00'],
  ])('stay one piece if the bytes are %s', (_, hex) => {
    expect(hexOf(splitDer(bytes(hex)))).toEqual([hex]);
  });
});
