import { afterAll } from 'vitest';
import type { WorldFirstGateway } from '../../activities/index.js';
import type { RefundRequest } from '../../client/index.js';
import type { CallOptions, WorldFirstClient } from '../../worldfirst/index.js';
import { type Environment, worldFirstOf } from '../support/environment.js';
import { nobodysClient } from '../support/workers.js';

/** A trouble that is not the sandbox's: `refused`: nobody listens; `impatient`: the call is given up once it meets silence. */
export interface Trouble {
  kind: 'refused' | 'impatient';
  api: keyof WorldFirstGateway;
  /** For how many calls yet. */
  left: number;
  /** How many calls have had it. */
  tries: number;
}

/**
 * The way to the sandbox, which single calls do not find. A call is given up when the journal has it, not after a while: a
 * busy machine must neither make a call silent nor end one that has not yet arrived.
 */
export class Network {
  readonly #troubles = new Map<string, Trouble>();
  readonly #environment: () => Environment;
  #clients: Record<'patient' | 'refused', WorldFirstClient> | undefined;

  constructor(environment: () => Environment) {
    this.#environment = environment;
    afterAll(() => {
      for (const client of Object.values(this.#clients ?? {})) client.close();
    });
  }

  /** Places a trouble on the calls that name this request id, trade or payment. */
  trouble(ids: readonly string[], trouble: Omit<Trouble, 'tries'>): void {
    const placed = { ...trouble, tries: 0 };
    for (const id of ids) this.#troubles.set(id, placed);
  }

  /** How many calls about a refund have had their trouble. */
  triesOf({ refundRequestId }: RefundRequest): number {
    return this.#troubles.get(refundRequestId)?.tries ?? 0;
  }

  readonly gateway: WorldFirstGateway = {
    queryTradeOrder: (body, options) =>
      this.#call('queryTradeOrder', body.tradeId, options, (client, more) =>
        client.queryTradeOrder(body, more),
      ),
    applyRefund: (body, options) =>
      this.#call('applyRefund', body.tradeId, options, (client, more) => client.applyRefund(body, more)),
    refund: (body, options) =>
      this.#call('refund', body.payToId, options, (client, more) => client.refund(body, more)),
    inquireRefund: (body, options) =>
      this.#call('inquireRefund', body.refundRequestIds?.[0] ?? '', options, (client, more) =>
        client.inquireRefund(body, more),
      ),
    isSignedByWorldFirst: (signed) => this.#connected().patient.isSignedByWorldFirst(signed),
  };

  #connected(): Record<'patient' | 'refused', WorldFirstClient> {
    const { sandbox } = this.#environment();
    this.#clients ??= { patient: worldFirstOf(sandbox, 30_000), refused: nobodysClient(sandbox) };
    return this.#clients;
  }

  async #call<Answer>(
    api: Trouble['api'],
    id: string,
    options: CallOptions | undefined,
    call: (client: WorldFirstClient, options: CallOptions | undefined) => Promise<Answer>,
  ): Promise<Answer> {
    const clients = this.#connected();
    const trouble = this.#troubles.get(id);
    if (!trouble || trouble.api !== api || trouble.left <= 0) return call(clients.patient, options);
    trouble.left -= 1;
    trouble.tries += 1;
    if (trouble.kind === 'refused') return call(clients.refused, options);
    const { signal, forget } = this.#untilSilence(api, id);
    return call(clients.patient, { ...options, signal }).finally(forget);
  }

  /** A signal that comes once the journal has one more call about this id that meets silence. */
  #untilSilence(api: Trouble['api'], id: string): { signal: AbortSignal; forget: () => void } {
    const { entries } = this.#environment().sandbox.journal;
    const silences = () =>
      entries.filter(
        (entry) =>
          entry.api === api &&
          (entry.id === id || entry.reference === id) &&
          entry.fault?.startsWith('silent'),
      ).length;
    const before = silences();
    const patience = new AbortController();
    const looking = setInterval(() => {
      if (silences() > before) patience.abort();
    }, LOOK_AGAIN_MS);
    return { signal: patience.signal, forget: () => clearInterval(looking) };
  }
}

const LOOK_AGAIN_MS = 50;
