import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { AttentionNotice, ReconciliationNotice } from '../../activities/index.js';
import { type Opened, opened } from './loopback.js';

/** One request, exactly as it came. */
export interface Delivery {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver says to a delivery: a status, or nothing at all. */
export type Reply = number | 'nothing';

/** A web server that takes notices, as a user of the convention would write one. */
export class WebhookReceiver {
  #server?: Opened;
  readonly #listener: RequestListener = async (request, response) => {
    const body = await text(request);
    const { headers } = request;
    this.#deliveries.push({ id: String(headers['webhook-id']), headers, body });
    const subject = subjectOf(body);
    const reply = this.#replies.get(subject)?.(this.of(subject).length) ?? 204;
    if (reply !== 'nothing') response.writeHead(reply, { location: '/elsewhere' }).end();
  };
  readonly #deliveries: Delivery[] = [];
  readonly #replies = new Map<string, (nth: number) => Reply>();

  async start(): Promise<void> {
    this.#server = await opened(createServer(this.#listener));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get url(): string {
    return `${this.#server?.url}/notices`;
  }

  /** What it says to the nth delivery about this refund or reconciliation, counted from 1; 204 where nothing is set. */
  reply(subject: string, replyTo: (nth: number) => Reply): void {
    this.#replies.set(subject, replyTo);
  }

  /** The deliveries about one refund (by its request id), or one reconciliation (by its workflow id), in their order. */
  of(subject: string): Delivery[] {
    return this.#deliveries.filter(({ body }) => subjectOf(body) === subject);
  }
}

function subjectOf(body: string): string {
  const { data } = JSON.parse(body) as AttentionNotice | ReconciliationNotice;
  return 'refundRequestId' in data ? data.refundRequestId : data.workflowId;
}

/** The notice of a delivery, if the convention's own library finds its signature right. */
export function verified({ headers, body }: Delivery, secret: string): Omit<AttentionNotice, 'id'> {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as AttentionNotice;
}
