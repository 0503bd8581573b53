import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../rules/request.js';

/** Which key signs an answer: the sandbox's own, a key that no client knows, or none. */
export type SignedBy = 'sandbox' | 'other-key' | 'none';

/** What the sandbox puts on the wire. */
export type Delivery =
  | {
      kind: 'answer';
      status: number;
      contentType: string;
      body: string;
      signedBy: SignedBy;
      /** What is signed instead of the body. */
      signedText?: string;
      /** The age of the signature's time in milliseconds; 0 when absent. */
      age?: number;
      /** Only the first half of the body is sent. */
      cut: boolean;
    }
  /** The connection is closed without an answer, or reset. */
  | { kind: 'drop'; reset?: true }
  /** The connection stays open without an answer. */
  | { kind: 'silence' };

/** Makes the headers that sign an answer: `Client-Id`, `Response-Time`, `Signature`. */
export type SignAnswer = (answer: Delivery & { kind: 'answer' }) => Promise<Record<string, string>>;

/** A normal answer of WorldFirst: 200, JSON, signed. */
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

/** An HTML page of a proxy between the client and WorldFirst. It is never signed. */
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

/** Writes a delivery to the connection. */
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
    // The full length even for half a body: only so the client notices that a half is missing.
    'Content-Length': bytes.length,
    ...signature,
  });
  if (!delivery.cut) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroySoon());
}
