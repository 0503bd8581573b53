import { isUtf8 } from 'node:buffer';
import got, { type Request } from 'got';
import { MOST_BYTES, unpacked } from './body.js';
import { type Connection, Connections, followStages } from './connections.js';
import { type NoAnswer, noAnswer, type Stage, StoppedError } from './no-answer.js';

/** The result of a call over HTTP: any answer, or none. */
export type Reply = HttpAnswer | NoAnswer;

/** A complete answer of any status and content. */
export interface HttpAnswer {
  kind: 'answer';
  status: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What arrived, as text. */
  body: string;
  /** Whether the text is what arrived, byte for byte: what is no UTF-8 has been replaced in it. */
  isExact: boolean;
}

/** One request. */
export interface Post {
  headers: Record<string, string>;
  body: string;
  /** `own` for a call that moves money: then a connection that was never ready proves that nothing was sent. */
  connection: Connection;
  /** Ends the call at once. */
  signal?: AbortSignal;
}

/** HTTP with one attempt, no redirects, and one time limit for the whole call. */
export class Transport {
  readonly #timeout: number;
  readonly #proxy: URL | undefined;
  readonly #connections: Connections;
  readonly #underWay = new Set<AbortController>();
  #isClosed = false;

  /** @param timeout for a whole call, from the name's lookup to the last byte, in milliseconds */
  constructor({ timeout, proxy }: { timeout: number; proxy?: URL | undefined }) {
    this.#timeout = timeout;
    this.#proxy = proxy;
    this.#connections = new Connections(proxy);
  }

  /** Sends the body exactly as it stands, once. Never rejects for what the network does. */
  async post(url: URL, { headers, body, connection, signal }: Post): Promise<Reply> {
    let stage: Stage = this.#proxy ? 'tunnelling' : 'connecting';
    const call = new AbortController();
    const stop = (code: StoppedError['code']) => call.abort(new StoppedError(code));
    const abort = () => stop('ERR_ABORTED');
    const timer = setTimeout(() => stop('ETIMEDOUT'), this.#timeout);
    signal?.addEventListener('abort', abort);
    this.#underWay.add(call);
    try {
      if (this.#isClosed) stop('ERR_CLOSED');
      if (signal?.aborted) abort();
      const agent = await this.#connections.agentsFor(connection, call.signal);
      call.signal.throwIfAborted();
      const request = got.stream.post(url, {
        agent,
        body,
        // What is signed is what arrives, and got reads fewer encodings than gateways use.
        decompress: false,
        followRedirect: false,
        headers: { 'user-agent': 'worldfirst-refunds', 'accept-encoding': 'identity', ...headers },
        retry: { limit: 0 },
        signal: call.signal,
        throwHttpErrors: false,
      });
      request.once('request', (sent) => {
        followStages(sent, (reached) => {
          stage = reached;
        });
        sent.once('upgrade', () => stop('ERR_UPGRADED'));
      });
      return await answerTo(request);
    } catch (error) {
      const cause = call.signal.aborted ? call.signal.reason : error;
      const proxy = this.#proxy && { proxy: this.#proxy.host };
      return noAnswer(cause, { stage, host: url.host, ...proxy, timeout: this.#timeout });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#underWay.delete(call);
    }
  }

  /** Ends the calls under way and closes the kept connections, so that nothing holds the process. */
  close(): void {
    this.#isClosed = true;
    for (const call of this.#underWay) call.abort(new StoppedError('ERR_CLOSED'));
    this.#connections.close();
  }
}

async function answerTo(request: Request): Promise<HttpAnswer> {
  // What breaks after the answer is complete changes nothing, and must not end the process either.
  request.on('error', () => {});
  try {
    const packed = await bytesOf(request);
    const { statusCode: status = 0, headers = {} } = request.response ?? {};
    const bytes = unpacked(packed, headers['content-encoding']);
    return { kind: 'answer', status, headers, body: bytes.toString('utf8'), isExact: isUtf8(bytes) };
  } finally {
    // A connection that can be kept is kept all the same.
    request.destroy();
  }
}

async function bytesOf(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MOST_BYTES) throw new StoppedError('ERR_TOO_LARGE');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
