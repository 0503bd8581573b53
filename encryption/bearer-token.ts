import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Allows the requests that have `Authorization: Bearer <token>`.
 * @param token the secret that callers send
 */
export function bearerToken(token: string): (request: Request) => boolean {
  const expected = digest(`Bearer ${token}`);
  return ({ headers }) => timingSafeEqual(digest(headers.get('authorization') ?? ''), expected);
}

/** Digests have one length, so that the comparison takes the same time for every text. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
