import { text } from 'node:stream/consumers';
import type { Sandbox } from '../../testing/sandbox/index.js';
import { privateKeyFrom } from '../../worldfirst/keys.js';
import { signatureHeader } from '../../worldfirst/signature.js';
import { serve } from '../support/loopback.js';
import { keyOf } from './raw-client.js';

const SUCCESS = '{"result":{"resultCode":"SUCCESS","resultMessage":"success","resultStatus":"S"}}';

/** A notification that the receiver got. */
export interface Received {
  requestId: string;
  tradeId: string;
  isRefund: 'Y' | 'N';
}

/** A receiver of notifications that answers the first ones with 503. It closes when the test ends. */
export async function receiver(sandbox: Sandbox, { refusals = 0 } = {}) {
  const privateKey = privateKeyFrom(keyOf(sandbox.env, 'WORLDFIRST_PRIVATE_KEY'));
  const clientId = sandbox.env.WORLDFIRST_CLIENT_ID ?? '';
  const received: Received[] = [];
  const { url } = await serve(async (request, response) => {
    received.push(JSON.parse(await text(request)));
    if (received.length <= refusals) {
      response.writeHead(503).end();
      return;
    }
    const time = '2026-11-22T12:08:56+08:00';
    const signed = { path: request.url ?? '', clientId, time, body: SUCCESS };
    response.writeHead(200, {
      'Client-Id': clientId,
      'Response-Time': time,
      Signature: signatureHeader(signed, { privateKey, keyVersion: '2' }),
    });
    response.end(SUCCESS);
  });
  return { url: `${url}/hooks/worldfirst`, received };
}

/** Resolves once the condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
