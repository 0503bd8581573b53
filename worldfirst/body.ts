import { brotliDecompressSync, inflateRawSync, unzipSync } from 'node:zlib';

/** Real answers have a few kilobytes; a larger one does not come from WorldFirst's API. */
export const MOST_BYTES = 1024 * 1024;

/**
 * The bytes of a body as its sender had them before a gateway packed them.
 * @throws when they are not packed as they claim to be, or are more than `MOST_BYTES` then
 */
export function unpacked(bytes: Buffer, encoding: string | string[] | undefined): Buffer {
  if (bytes.length === 0) return bytes;
  const limit = { maxOutputLength: MOST_BYTES };
  switch (String(encoding).toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return unzipSync(bytes, limit);
    case 'deflate':
      // Some send it without the header that it should have; the header's first byte says that it is one.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? unzipSync(bytes, limit) : inflateRawSync(bytes, limit);
    case 'br':
      return brotliDecompressSync(bytes, limit);
    default:
      return bytes;
  }
}
