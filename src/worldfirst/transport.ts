import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Request } from 'got';

/** What came back over HTTP: whatever it was, or nothing. */
export type Reply = HttpAnswer | NoAnswer;

/** A complete answer, of whatever status and content. */
export interface HttpAnswer {
  kind: 'answer';
  status: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Exactly what arrived, as text. */
  body: string;
}

/** No complete answer. `notSent` is a proof: no connection was made, so no byte of the request left this machine. */
export interface NoAnswer {
  kind: 'notSent' | 'lost';
  /** What happened, as a sentence. */
  reason: string;
}

/** Real answers have a few kilobytes; whatever is larger comes from something else than WorldFirst's API. */
const MOST_BYTES = 1024 * 1024;

/**
 * A connection that lay idle is soon closed at the other end, and a request that meets that moment is lost with its
 * fate unknown, which costs a refund at least five minutes. So idle connections are given up early.
 */
const IDLE_MS = 4_000;

/** HTTP with one attempt, no redirects, one time limit for the whole call, and kept connections. */
export class Transport {
  readonly #timeout: number;
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true, timeout: IDLE_MS }),
    https: new HttpsAgent({ keepAlive: true, timeout: IDLE_MS }),
  };

  /** @param timeout for a whole call, from the name's lookup to the last byte, in milliseconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Sends the body exactly as it stands, once. Never rejects for what the network does. */
  async post(
    url: URL,
    { headers, body, signal }: { headers: Record<string, string>; body: string; signal?: AbortSignal },
  ): Promise<Reply> {
    const request = got.stream.post(url, {
      agent: this.#agents,
      body,
      followRedirect: false,
      // What is signed is the text, so it is best not to be packed at all; a gateway that packs it anyway is understood.
      headers: { 'user-agent': 'worldfirst-refunds', 'accept-encoding': 'identity', ...headers },
      retry: { limit: 0 },
      signal,
      strictContentLength: true,
      throwHttpErrors: false,
      timeout: { request: this.#timeout },
    });
    // What breaks after the answer is complete changes nothing, and must not end the process either.
    request.on('error', () => {});
    try {
      const text = await readText(request);
      const { statusCode: status = 0, headers: answered = {} } = request.response ?? {};
      return { kind: 'answer', status, headers: answered, body: text };
    } catch (error) {
      return this.#noAnswer(request, error, url);
    } finally {
      // got lets go of the signal only when it is destroyed; a connection that can be kept is kept all the same.
      request.destroy();
    }
  }

  /** Closes the kept connections, so that nothing holds the process. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #noAnswer(request: Request, error: unknown, { host }: URL): NoAnswer {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const seconds = this.#timeout / 1000;
    if (neverConnected(request)) {
      const why = BEFORE[code]?.(host, seconds) ?? `No connection to ${host} was made (${code || message}).`;
      return { kind: 'notSent', reason: `${why} Nothing was sent.` };
    }
    const why = AFTER[code]?.(host, seconds) ?? `The call to ${host} failed (${code || message}).`;
    return { kind: 'lost', reason: `${why} The request may have arrived.` };
  }
}

/**
 * got notes the time of the connection. It notes none for a kept connection that the server has closed meanwhile, and
 * that one proves nothing: the request may have been written to it.
 */
function neverConnected(request: Request): boolean {
  return request.timings?.connect === undefined && request.reusedSocket !== true;
}

class TooLarge extends Error {
  readonly code = 'TOO_LARGE';
}

async function readText(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new TooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Sentence = (host: string, seconds: number) => string;

const BEFORE: Readonly<Record<string, Sentence | undefined>> = {
  ECONNREFUSED: (host) => `The connection to ${host} was refused.`,
  ENOTFOUND: (host) => `The name of ${host} was not found.`,
  EAI_AGAIN: (host) => `The name of ${host} could not be looked up.`,
  ETIMEDOUT: (host, seconds) => `No connection to ${host} was made within ${seconds} s.`,
  ERR_ABORTED: (host) => `The call was aborted before a connection to ${host} was made.`,
};

const AFTER: Readonly<Record<string, Sentence | undefined>> = {
  ECONNRESET: (host) => `The connection to ${host} broke off before the answer was complete.`,
  EPIPE: (host) => `The connection to ${host} broke off while the request was being sent.`,
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: (host) => `The answer of ${host} was cut off.`,
  ETIMEDOUT: (host, seconds) => `${host} gave no complete answer within ${seconds} s.`,
  ERR_ABORTED: () => 'The call was aborted before the answer was complete.',
  TOO_LARGE: (host) => `${host} answered with more than ${MOST_BYTES} bytes.`,
};
