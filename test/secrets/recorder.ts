import { createServer, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Opened, opened } from '../support/loopback.js';

/** Stands before a WorldFirst, or is the receiver of a webhook, and remembers every signature that passes. */
export class Recorder {
  readonly signatures = new Set<string>();
  readonly #target: string | undefined;
  #server?: Opened;

  /** @param target where requests go on to; without one, each is answered with 500 */
  constructor(target?: string) {
    this.#target = target;
  }

  async start(): Promise<void> {
    const server = createServer(async (incoming, outgoing) => {
      this.#note(incoming.headers);
      const body = await buffer(incoming);
      if (this.#target === undefined) {
        outgoing.writeHead(500).end();
        return;
      }
      const { method, headers, url } = incoming;
      const onward = send(`${this.#target}${url}`, { method, headers }, (answer) => {
        this.#note(answer.headers);
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, outgoing, () => {});
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(body);
    });
    this.#server = await opened(server);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  #note(headers: NodeJS.Dict<string | string[]>): void {
    const values = [headers.signature, headers['webhook-signature']].flat();
    for (const value of values.filter((each) => each !== undefined)) {
      const [, signature = value] = /(?:signature=|v1,)(.+)$/.exec(value) ?? [];
      this.signatures.add(decodeURIComponent(signature));
    }
  }
}
