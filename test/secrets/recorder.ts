import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Stands before a WorldFirst, or is the receiver of a webhook, and remembers every signature that passes. */
export class Recorder {
  readonly signatures = new Set<string>();
  readonly #server: Server;

  /** @param target where requests go on to; without one, each is answered with 500 */
  constructor(target?: string) {
    this.#server = createServer(async (incoming, outgoing) => {
      this.#note(incoming.headers);
      const body = await buffer(incoming);
      if (target === undefined) {
        outgoing.writeHead(500).end();
        return;
      }
      const { method, headers, url } = incoming;
      const onward = send(`${target}${url}`, { method, headers }, (answer) => {
        this.#note(answer.headers);
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, outgoing, () => {});
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(body);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #note(headers: NodeJS.Dict<string | string[]>): void {
    const values = [headers.signature, headers['webhook-signature']].flat();
    for (const value of values.filter((each) => each !== undefined)) {
      const [, signature = value] = /(?:signature=|v1,)(.+)$/.exec(value) ?? [];
      this.signatures.add(decodeURIComponent(signature));
    }
  }
}
