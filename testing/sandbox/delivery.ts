import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../rules/request.js';

/** The sandbox's own key, a key that nobody knows, or nobody. */
export type SignedBy = 'sandbox' | 'other-key' | 'none';

/** How an answer leaves the sandbox, if it does. */
export type Delivery =
  | {
      kind: 'answer';
      status: number;
      contentType: string;
      body: string;
      signedBy: SignedBy;
      /** What is signed in place of the body. */
      signedText?: string;
      /** How long ago it says that it was signed, in milliseconds; 0 when absent. */
      age?: number;
      /** Only the first half of the body arrives. */
      cut: boolean;
    }
  /** The connection is closed without an answer, or reset. */
  | { kind: 'drop'; reset?: true }
  /** Nothing happens until the client gives up. */
  | { kind: 'silence' };

/** Makes the headers that sign an answer: `Client-Id`, `Response-Time`, `Signature`. */
export type SignAnswer = (answer: Delivery & { kind: 'answer' }) => Promise<Record<string, string>>;

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
    signedBy: 'none',
    cut: false,
  };
}

/** Puts it on the wire. */
export async function deliver(response: ServerResponse, delivery: Delivery, sign: SignAnswer): Promise<void> {
  if (delivery.kind === 'silence') return;
  if (delivery.kind === 'drop') {
    if (delivery.reset) response.socket?.resetAndDestroy();
    else response.socket?.destroy();
    return;
  }
  const bytes = Buffer.from(delivery.body, 'utf8');
  const signature = delivery.contentType.startsWith('application/json') ? await sign(delivery) : {};
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
