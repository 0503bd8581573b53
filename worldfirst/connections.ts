import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import type { Stage } from './no-answer.js';

/** `own`: a new connection for this request alone. `kept`: an idle one of an earlier call, or a new one that is kept. */
export type Connection = 'own' | 'kept';

/**
 * A connection that lay idle is soon closed at the other end, and a request that meets that moment is lost. So idle
 * connections are closed early.
 */
const IDLE_MS = 4_000;

/** The connections of one client, direct or through its proxy. */
export class Connections {
  readonly #proxy: URL | undefined;
  readonly #agents = {
    own: agents({ keepAlive: false }),
    kept: agents({ keepAlive: true, timeout: IDLE_MS }),
  };

  constructor(proxy: URL | undefined) {
    this.#proxy = proxy;
  }

  /**
   * The agents for one call. Through a proxy each call opens its own tunnel.
   * @param signal ends the opening of a tunnel; without a proxy, the end of the request does it
   */
  async agentsFor(connection: Connection, signal: AbortSignal): Promise<Agents> {
    if (!this.#proxy) {
      if (connection === 'kept') await untilClosedOnesAreKnown();
      return this.#agents[connection];
    }
    const options = { proxy: this.#proxy, proxyRequestOptions: { headers: {}, signal } };
    return { http: new HttpProxyAgent(options), https: new HttpsProxyAgent(options) };
  }

  /** Closes the kept connections. */
  close(): void {
    for (const { http, https } of Object.values(this.#agents)) {
      http.destroy();
      https.destroy();
    }
  }
}

interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
}

function agents(options: { keepAlive: boolean; timeout?: number }): Agents {
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

/**
 * Lets Node look at its sockets once, so that no idle connection is used that the server has closed meanwhile. The first
 * immediate may come without such a look.
 */
async function untilClosedOnesAreKnown(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/**
 * Follows a request to its connection. Node writes nothing of a request before its socket is connected (for TLS: before
 * the server's certificate is verified), so every stage before `sent` proves that nothing was sent.
 */
export function followStages(request: ClientRequest, reached: (stage: Stage) => void): void {
  request.once('socket', (socket) => {
    const isSecure = request.protocol === 'https:';
    const sent = () => reached('sent');
    reached('connecting');
    if (request.reusedSocket || !(isSecure || socket.connecting)) sent();
    else socket.once(isSecure ? 'secureConnect' : 'connect', sent);
  });
}
