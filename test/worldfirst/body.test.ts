import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MOST_BYTES, unpacked } from '../../worldfirst/body.js';

const plain = Buffer.from('{"a":"退货"}');

describe('a body', () => {
  it.each([
    ['as it is', plain, undefined],
    ['as it is, which is a way to pack too', plain, 'identity'],
    ['in gzip', gzipSync(plain), 'gzip'],
    ['in gzip, by its old name', gzipSync(plain), 'x-gzip'],
    ['in gzip, in capitals', gzipSync(plain), 'GZIP'],
    ['in deflate', deflateSync(plain), 'deflate'],
    ['in deflate without a header', deflateRawSync(plain), 'deflate'],
    ['in brotli', brotliCompressSync(plain), 'br'],
  ])('comes %s', (_, bytes, encoding) => {
    expect(unpacked(bytes, encoding)).toEqual(plain);
  });

  it.each(['gzip', 'deflate', 'br'])('that is empty is empty, also in %s', (encoding) => {
    expect(unpacked(Buffer.alloc(0), encoding)).toHaveLength(0);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('of a mebibyte is the largest: %s', (encoding, pack) => {
    expect(MOST_BYTES).toBe(1_048_576);
    expect(unpacked(pack(Buffer.alloc(MOST_BYTES)), encoding)).toHaveLength(MOST_BYTES);
    expect(() => unpacked(pack(Buffer.alloc(MOST_BYTES + 1)), encoding)).toThrow();
  });

  it.each(['gzip', 'deflate', 'br'])('with the wrong content-encoding is rejected: %s', (encoding) => {
    expect(() => unpacked(Buffer.from('no archive'), encoding)).toThrow();
  });
});
