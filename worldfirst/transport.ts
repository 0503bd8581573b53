import { isUtf8 } from 'node:buffer';
import { Socket } from 'node:net';
import { Agent, buildConnector, util } from 'undici';
import { MOST_BYTES, unpacked } from './body.js';
import { Exchange } from './exchange.js';
import { type NoAnswer, noAnswer, StoppedError } from './no-answer.js';

/** What came back over HTTP: whatever it was, or nothing. */
export type Reply = HttpAnswer | NoAnswer;

/** A complete answer, of whatever status and content. */
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

/**
 * A connection that lay idle is soon closed at the other end, and a request that meets that moment is lost with its
 * submission unknown, which costs a refund at least five minutes. So idle connections are given up early.
 */
const IDLE_MS = 4_000;

/** HTTP with one attempt, no redirects, one time limit for the whole call, and kept connections. */
export class Transport {
  readonly #timeout: number;
  readonly #agent: Agent;
  readonly #sockets = new Set<Socket>();

  /** @param timeout for a whole call, from the name's lookup to the last byte, in milliseconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
    // undici's clock is coarse. This only ends the connecting for a call that is long over.
    const open = buildConnector({ timeout: timeout + 1_000 });
    this.#agent = new Agent({
      connect: (options, done) => this.#remember(open(options, done)),
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      // A server may ask for less, but not for more.
      keepAliveMaxTimeout: IDLE_MS,
      // The one time limit is ours.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MOST_BYTES,
      strictContentLength: true,
    });
  }

  /** Sends the body exactly as it stands, once. Never rejects for what the network does. */
  async post(
    url: URL,
    { headers, body, signal }: { headers: Record<string, string>; body: string; signal?: AbortSignal },
  ): Promise<Reply> {
    const exchange = new Exchange();
    const abort = () => exchange.stop(new StoppedError('ERR_ABORTED'));
    const timer = setTimeout(() => exchange.stop(new StoppedError('ETIMEDOUT')), this.#timeout);
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) abort();
      else this.#agent.dispatch(requestOf(url, headers, body), exchange);
      const answer = await exchange.answer;
      const answered = util.parseHeaders(answer.headers);
      const bytes = unpacked(answer.body, answered['content-encoding']);
      return {
        kind: 'answer',
        status: answer.status,
        headers: answered,
        body: bytes.toString('utf8'),
        isExact: isUtf8(bytes),
      };
    } catch (error) {
      const { mayHaveBeenSent } = exchange;
      return noAnswer(error, { mayHaveBeenSent, host: url.host, timeout: this.#timeout });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Closes the kept connections, so that nothing holds the process. */
  close(): void {
    void this.#agent.destroy();
    // undici leaves those alone that are not open yet.
    for (const socket of this.#sockets) socket.destroy();
  }

  /** undici's connector returns the socket, though its type says nothing of it. */
  #remember(socket: unknown): void {
    if (!(socket instanceof Socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function requestOf(url: URL, headers: Record<string, string>, body: string) {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    // What is signed is the text, so it is best not to be packed at all; a gateway that packs it anyway is understood.
    headers: { 'user-agent': 'worldfirst-refunds', 'accept-encoding': 'identity', ...headers },
    body,
  } as const;
}
