import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { verifySignature } from '../../worldfirst/signature.js';
import { jsonObjectOf } from './body-checks.js';
import { type Delivery, signed } from './delivery.js';
import { operationOf } from './paths.js';
import { coded, result } from './result-bodies.js';

/** A request as it arrived. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The only client that is admitted. */
export interface Partner {
  clientId: string;
  publicKey: KeyObject;
}

/** A request that an API will evaluate, or the answer to a request that is rejected before. */
export type Admission = { api: Operation; body: JsonObject } | { rejection: Delivery };

/** Checks method, client and signature of a request. Answers to an unidentified client are not signed. */
export function admit({ method, path, headers, body }: Received, partner: Partner): Admission {
  if (method !== 'POST') return unsigned('METHOD_NOT_SUPPORTED');
  const { 'client-id': clientId, 'request-time': time, signature } = headers;
  if (clientId !== partner.clientId) return unsigned('UNKNOWN_CLIENT');
  const text = { path, clientId, time: String(time ?? ''), body };
  if (!verifySignature(text, signature?.toString(), [partner.publicKey]))
    return unsigned('INVALID_SIGNATURE');
  const api = operationOf(path);
  if (!api) return { rejection: signed(coded('INVALID_API', 'refund')) };
  const content = jsonObjectOf(body);
  if (content) return { api, body: content };
  return { rejection: signed(result('PARAM_ILLEGAL', 'F', 'The body is not a JSON object.')) };
}

function unsigned(code: string): Admission {
  return { rejection: { ...signed(coded(code, 'refund')), signedBy: 'none' } };
}
