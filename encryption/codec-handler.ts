import type { PayloadCodec } from '@temporalio/common';
import { ConfigurationError } from '../rules/configuration-error.js';
import { answerCodecCall, type CodecAnswer, refusal } from './codec-call.js';

/** What {@link createCodecHandler} needs. */
export interface CodecHandlerOptions {
  /** The `payloadCodecs` of your data converter. */
  codecs: readonly PayloadCodec[];
  /**
   * Whether a request may be served: a caller that may decode can read every refund. `bearerToken(token)` is one; for a
   * server that only its own machine can reach, `() => true` will do.
   */
  authorize: (request: Request) => boolean | Promise<boolean>;
  /** The origin of Temporal's Web UI, such as `https://temporal.example.com`; no page may call when absent. */
  origin?: string;
  /** Receives one line for each request. No line holds anything of a payload. */
  report?: (line: string) => void;
}

/**
 * Makes a codec server's handler, for every framework that speaks the Fetch API: `POST …/encode` and `POST …/decode`, as
 * Temporal's Web UI and command line call them. It never rejects.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { bearerToken, createCodecHandler, EncryptionCodec, toNodeListener } from 'worldfirst-refunds/encryption';
 *
 * const handler = createCodecHandler({
 *   codecs: [new EncryptionCodec(keys)],
 *   authorize: bearerToken(token),
 *   origin: 'https://temporal.example.com',
 * });
 * createServer(toNodeListener(handler)).listen(8081);
 * ```
 *
 * @throws {@link ConfigurationError} for an origin that no browser sends
 */
export function createCodecHandler(options: CodecHandlerOptions): (request: Request) => Promise<Response> {
  const { codecs, authorize, origin, report = () => {} } = options;
  if (origin !== undefined && !isOrigin(origin)) {
    const message = 'must be scheme, host and port, such as https://temporal.example.com';
    throw new ConfigurationError([{ path: 'origin', message }]);
  }
  return async (request) => {
    const answer = await answerCodecCall(request, { codecs, authorize, origin }).catch(() =>
      refusal(500, 'the request could not be served'),
    );
    report(`${answer.status} ${answer.line}`);
    return responseOf(answer, origin);
  };
}

/** Whether a browser can send it as the origin of a page. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function responseOf({ status, body }: CodecAnswer, origin: string | undefined): Response {
  const headers = {
    'Cache-Control': 'no-store',
    ...(body !== null && {
      'Content-Type': status === 200 ? 'application/json' : 'text/plain; charset=utf-8',
    }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(origin !== undefined && {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
      // The Web UI can be set to send cookies, for a proxy that signs people in.
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
    }),
  };
  return new Response(body, { status, headers });
}
