import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/**
 * Makes a listener for `node:http`, and so for Express, of a handler that speaks the Fetch API. The body is handed on as
 * it comes; nothing must have read it before.
 *
 * @example
 * ```ts
 * createServer(toNodeListener(createNotificationHandler(options))).listen(8080);
 * ```
 *
 * @param handler the handler; where it rejects, the answer is 500
 */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    answerOf(handler, incoming)
      .then((response) => send(response, incoming, outgoing))
      .catch(() => outgoing.destroy());
  };
}

async function answerOf(
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
): Promise<Response> {
  let request: Request;
  try {
    request = requestOf(incoming);
  } catch {
    // A URL, a header or a method that HTTP's grammar lets through, and the Fetch API does not.
    return new Response(null, { status: 400 });
  }
  try {
    return await handler(request);
  } catch {
    return new Response(null, { status: 500 });
  }
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  const isRead = incoming.readableEnded || incoming.destroyed;
  const hasBody = method !== 'GET' && method !== 'HEAD' && !isRead;
  return new Request(new URL(url, `http://${headers.get('host') ?? 'localhost'}`), {
    method,
    headers,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
  });
}

/** How long a client that is still sending has to read the answer. */
const LINGER_MS = 1_000;

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  // The client is gone, so there is no answer.
  if (outgoing.destroyed) return;
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'Content-Length': body.length,
    ...(!incoming.complete && { Connection: 'close' }),
  });
  if (incoming.complete) {
    outgoing.end(body);
    return;
  }
  // What is left of the body is not read. Were the connection ended at once, a client that is still sending would see
  // that its connection broke, and not why.
  outgoing.write(body);
  const timer = setTimeout(() => outgoing.end(), LINGER_MS);
  outgoing.once('close', () => clearTimeout(timer));
}
