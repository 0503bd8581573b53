import { afterAll } from 'vitest';
import type { WorldFirstGateway } from '../../src/activities/index.js';
import type { RefundRequest } from '../../src/index.js';
import type { WorldFirstClient } from '../../src/worldfirst/index.js';
import { type Environment, worldFirstOf } from '../support/environment.js';
import { nobodysClient } from '../support/workers.js';

/** A trouble that is not the sandbox's: `refused`: nobody listens; `impatient`: the time limit is short. */
export interface Trouble {
  kind: 'refused' | 'impatient';
  api: keyof WorldFirstGateway;
  /** For how many calls yet. */
  left: number;
  /** How many calls have had it. */
  tries: number;
}

/**
 * The way to the sandbox, which single calls do not find. Only a call that is to be given up has a short time limit: a busy
 * machine must not make the others silent.
 */
export class Network {
  readonly #troubles = new Map<string, Trouble>();
  readonly #environment: () => Environment;
  #clients: Record<'patient' | Trouble['kind'], WorldFirstClient> | undefined;

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
      this.#client('queryTradeOrder', body.tradeId).queryTradeOrder(body, options),
    applyRefund: (body, options) => this.#client('applyRefund', body.tradeId).applyRefund(body, options),
    refund: (body, options) => this.#client('refund', body.payToId).refund(body, options),
    inquireRefund: (body, options) =>
      this.#client('inquireRefund', body.refundRequestIds?.[0] ?? '').inquireRefund(body, options),
  };

  #client(api: Trouble['api'], id: string): WorldFirstClient {
    const { sandbox } = this.#environment();
    this.#clients ??= {
      patient: worldFirstOf(sandbox, 30_000),
      impatient: worldFirstOf(sandbox, 300),
      refused: nobodysClient(sandbox),
    };
    const trouble = this.#troubles.get(id);
    if (!trouble || trouble.api !== api || trouble.left <= 0) return this.#clients.patient;
    trouble.left -= 1;
    trouble.tries += 1;
    return this.#clients[trouble.kind];
  }
}
