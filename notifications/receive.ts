import { readBody } from '../internal/request-body.js';
import { type Or, refuse } from './refusal.js';

/** A notification has some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** The body of a POST, character for character as it was signed. No more of it is read than a notification may have. */
export async function receive(request: Request): Promise<Or<{ body: string }>> {
  if (request.method !== 'POST')
    return refuse(405, 'METHOD_NOT_SUPPORTED', `${request.method} is not allowed: WorldFirst sends POST`);
  if (request.bodyUsed)
    return refuse(
      400,
      'PARAM_ILLEGAL',
      'the body was already read: mount the handler before any body parser',
    );
  const tooLarge = refuse(413, 'PARAM_ILLEGAL', `the body has more than ${MOST_BYTES} bytes`);
  if (Number(request.headers.get('content-length')) > MOST_BYTES) return tooLarge;
  const bytes = await readBody(request, MOST_BYTES);
  if (bytes === undefined) return refuse(400, 'PARAM_ILLEGAL', 'the body is incomplete');
  if (bytes.length > MOST_BYTES) return tooLarge;
  const body = textOf(bytes);
  return body === undefined ? refuse(400, 'PARAM_ILLEGAL', 'the body is not UTF-8') : { body };
}

/** Nothing may be replaced or left out, or other bytes than the signed ones would pass. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
