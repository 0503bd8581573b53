import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/** A request whose connection ends before its body is complete. */
export interface IncompleteRequest {
  url: string;
  headers: Record<string, string>;
  /** The whole body. */
  body: string;
  /** How many bytes of the body are sent. */
  bytes: number;
  /** Reset the connection instead of closing it. */
  reset?: boolean;
  /** Waits before the connection ends. */
  wait?: () => Promise<void>;
}

/**
 * Sends a part of a POST and ends the connection.
 * @throws always, because there is no answer
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
      // The handler stays: without it an error of the ended connection would end the process.
      request.on('error', reject);
      request.flushHeaders();
      request.write(whole.subarray(0, bytes), () => resolve());
    });
    await wait?.();
    if (reset) request.socket?.resetAndDestroy();
  } finally {
    request.destroy();
  }
  throw new Error(`The connection to ${url} ended before the request was complete.`);
}
