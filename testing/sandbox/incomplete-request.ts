import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/** A request that is begun and never completed. */
export interface IncompleteRequest {
  url: string;
  headers: Record<string, string>;
  /** What would be sent. */
  body: string;
  /** How many bytes of it are. */
  bytes: number;
  /** The connection is reset in place of closed. */
  reset?: boolean;
  /** Passes the time until then. */
  wait?: () => Promise<void>;
}

/**
 * Begins a POST and breaks the connection off.
 * @throws always, for there is no answer
 */
export async function sendIncomplete({
  url,
  headers,
  body,
  bytes,
  reset,
  wait,
}: IncompleteRequest): Promise<never> {
  const whole = Buffer.from(body, 'utf8');
  const open = new URL(url).protocol === 'https:' ? overHttps : overHttp;
  const request = open(url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'Content-Length': whole.length },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      // It stays: whatever the other side makes of a request that ends in the middle, nobody reads it.
      request.on('error', reject);
      request.flushHeaders();
      request.write(whole.subarray(0, bytes), () => resolve());
    });
    await wait?.();
    if (reset) request.socket?.resetAndDestroy();
  } finally {
    request.destroy();
  }
  throw new Error(`The connection to ${url} was broken off.`);
}
