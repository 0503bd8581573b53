import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../refund/request.js';

/** How an answer leaves the sandbox, if it does. */
export type Delivery =
  | {
      kind: 'answer';
      status: number;
      contentType: string;
      body: string;
      /** By whom: the sandbox's own key, a key that nobody knows, or nobody. */
      signedBy: 'sandbox' | 'stranger' | 'nobody';
      /** Only the first half of the body arrives. */
      cut: boolean;
    }
  /** The connection is destroyed without an answer. */
  | { kind: 'drop' }
  /** Nothing happens until the client gives up. */
  | { kind: 'silence' };

/** Makes the headers that sign a body: `Client-Id`, `Response-Time`, `Signature`. */
export type SignAnswer = (
  body: string,
  by: 'sandbox' | 'stranger' | 'nobody',
) => Promise<Record<string, string>>;

/** An answer as WorldFirst gives it: 200, JSON, signed. */
export function signed(answer: JsonObject): Delivery & { kind: 'answer' } {
  return {
    kind: 'answer',
    status: 200,
    contentType: 'application/json; charset=UTF-8',
    body: JSON.stringify(answer),
    signedBy: 'sandbox',
    cut: false,
  };
}

/** What somebody between the client and WorldFirst says, who knows nothing of signatures. */
export function page(status: number, title: string): Delivery & { kind: 'answer' } {
  return {
    kind: 'answer',
    status,
    contentType: 'text/html; charset=UTF-8',
    body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
    signedBy: 'nobody',
    cut: false,
  };
}

/** Puts it on the wire. */
export async function deliver(response: ServerResponse, delivery: Delivery, sign: SignAnswer): Promise<void> {
  if (delivery.kind === 'silence') return;
  if (delivery.kind === 'drop') {
    response.socket?.destroy();
    return;
  }
  const bytes = Buffer.from(delivery.body, 'utf8');
  const signature = delivery.contentType.startsWith('application/json')
    ? await sign(delivery.body, delivery.signedBy)
    : {};
  response.writeHead(delivery.status, {
    'Content-Type': delivery.contentType,
    // The whole length also for half a body, or the client could not tell that it is one.
    'Content-Length': bytes.length,
    ...signature,
  });
  if (!delivery.cut) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroySoon());
}
