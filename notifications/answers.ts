import { inChinaTime } from '../rules/bodies.js';
import { signatureHeader } from '../worldfirst/signature.js';
import type { OwnSide } from './own-side.js';
import type { Refusal } from './refusal.js';

const ACKNOWLEDGEMENT = '{"result":{"resultCode":"SUCCESS","resultMessage":"success","resultStatus":"S"}}';
const JSON_TYPE = 'application/json; charset=UTF-8';

/** The answer after which WorldFirst does not send the notification again. */
export function acknowledge({ path, clientId, privateKey, keyVersion }: OwnSide): Response {
  const time = inChinaTime(new Date());
  return new Response(ACKNOWLEDGEMENT, {
    headers: {
      'Content-Type': JSON_TYPE,
      'Client-Id': clientId,
      'Response-Time': time,
      Signature: signatureHeader({ path, clientId, time, body: ACKNOWLEDGEMENT }, { privateKey, keyVersion }),
    },
  });
}

/** The answer to a request that is refused. It has only the code: the reason is for this side. */
export function refusal({ status, code }: Refusal): Response {
  return unsigned(status, code, 'F', status === 405 ? { Allow: 'POST' } : {});
}

/** The answer after which WorldFirst sends the notification again. */
export function tryAgain(): Response {
  return unsigned(503, 'UNKNOWN_EXCEPTION', 'U');
}

function unsigned(
  status: number,
  resultCode: string,
  resultStatus: 'F' | 'U',
  headers: Record<string, string> = {},
): Response {
  const body = JSON.stringify({ result: { resultCode, resultMessage: resultCode, resultStatus } });
  return new Response(body, { status, headers: { 'Content-Type': JSON_TYPE, ...headers } });
}
