import type { Payload, PayloadCodec } from '@temporalio/common';
import { RefundError } from '../client/errors.js';
import { quoted } from '../internal/check.js';
import { readBody } from '../internal/request-body.js';
import { decodeWith, encodeWith } from './codec-chain.js';
import { payloadsFromJson, payloadsToJson } from './payloads-json.js';

/** What a codec server answers to one request. */
export interface CodecAnswer {
  status: number;
  body: string | null;
  /** One line for the log. It holds nothing of a payload. */
  line: string;
}

/** Who may call, and what is called. */
export interface CodecCallRules {
  codecs: readonly PayloadCodec[];
  authorize: (request: Request) => boolean | Promise<boolean>;
  origin: string | undefined;
}

// A payload of 2 MB is the largest that Temporal takes, a response of 4 MB the largest that it sends; base64 adds a third.
const MOST_BYTES = 8 * 1024 * 1024;

/** Serves one request: checks it in the order of what it costs, then encodes or decodes. */
export async function answerCodecCall(request: Request, rules: CodecCallRules): Promise<CodecAnswer> {
  const { method, headers, url } = request;
  const caller = headers.get('origin');
  // A browser sends it with every POST, also where a page has made the name of its own host lead to this machine.
  if (caller !== null && caller !== rules.origin) {
    return refusal(403, `pages of the origin ${quoted(caller)} may not call`);
  }
  if (method === 'OPTIONS' && caller !== null) return { status: 204, body: null, line: 'preflight' };
  const [, operation] = /\/(encode|decode)$/.exec(new URL(url).pathname) ?? [];
  if (operation === undefined) return refusal(404, 'the path must end with /encode or /decode');
  if (method !== 'POST') return refusal(405, 'the method must be POST');
  if (!(await rules.authorize(request))) return refusal(401, 'the Authorization header is missing or wrong');
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) return refusal(400, 'the request ended before its body did');
  if (body.length > MOST_BYTES) return refusal(413, `the body has more than ${MOST_BYTES} bytes`);
  const payloads = payloadsFromJson(Buffer.from(body).toString());
  if (payloads === undefined) return refusal(400, 'the body is not {"payloads": [...]} in JSON');
  return operation === 'encode'
    ? converted('encode', () => encodeWith(rules.codecs, payloads))
    : converted('decode', () => decodeWith(rules.codecs, payloads));
}

async function converted(operation: string, convert: () => Promise<Payload[]>): Promise<CodecAnswer> {
  try {
    const payloads = await convert();
    return { status: 200, body: payloadsToJson(payloads), line: `${operation}d ${payloads.length} payloads` };
  } catch (error) {
    // Only of our own errors it is certain that they repeat nothing of a payload.
    const isOwn = error instanceof RefundError;
    return refusal(400, isOwn ? error.message : `the codec did not ${operation} the payloads`);
  }
}

/** An answer that says what is wrong. */
export function refusal(status: number, reason: string): CodecAnswer {
  return { status, body: `${reason}\n`, line: reason };
}
