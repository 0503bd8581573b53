import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRefund } from '../../callers.js';
import type { Application } from '../../peer.js';
import { type RefundJob, sendJob, startBoss } from './queue.js';
import { insertRefund, type RefundRow, RefundsTable, updateRefund } from './refunds-table.js';

const POLLING_MS = 50;

/** What an application does with refunds that a queue and a table run elsewhere. */
export async function openApplication(databaseUrl: string): Promise<Application> {
  const table = new RefundsTable(databaseUrl);
  await table.create();
  const boss = await startBoss(databaseUrl);
  const results = new Results(table);

  /** Changes a refund, and sends the job that continues it. */
  const goOn = (job: RefundJob, change: Partial<Pick<RefundRow, 'status' | 'waits'>>) =>
    table.inTransaction(async (transaction) => {
      if (Object.keys(change).length > 0) await updateRefund(transaction, job.refundRequestId, change);
      await sendJob(boss, transaction, job);
    });

  return {
    async start(refund, intervals) {
      await table.inTransaction(async (transaction) => {
        const isNew = await insertRefund(transaction, refund, intervals);
        const { refundRequestId } = refund;
        if (isNew) await sendJob(boss, transaction, { refundRequestId, waits: 0 });
      });
    },

    result: (refundRequestId) => results.of(refundRequestId),

    async look(refundRequestId) {
      const row = await table.find(refundRequestId);
      if (!row) return 'no row';
      const { status, waits, error } = row;
      return `status ${status}, ${waits} waits${error ? `, ${error}` : ''}`;
    },

    async checkNow(refundRequestId) {
      const waits = (await table.find(refundRequestId))?.waits ?? 0;
      await goOn({ refundRequestId, waits }, {});
      return `sent a job that is due now: ${await results.of(refundRequestId)}`;
    },

    async sendAgain({ refundRequestId }: BenchRefund) {
      await goOn({ refundRequestId, waits: 0 }, { status: 'sending', waits: 0 });
      return `set its row back to "sending" and sent a job: ${await results.of(refundRequestId)}`;
    },

    async close() {
      await boss.stop({ graceful: false });
      await table.close();
    },
  };
}

/** The ends of refunds; one query for all that are waited for. */
class Results {
  readonly #table: RefundsTable;
  readonly #awaited = new Map<string, ((status: string) => void)[]>();
  #isPolling = false;

  constructor(table: RefundsTable) {
    this.#table = table;
  }

  of(refundRequestId: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#awaited.set(refundRequestId, [...(this.#awaited.get(refundRequestId) ?? []), resolve]);
      if (!this.#isPolling) this.#poll().catch(reject);
    });
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    while (this.#awaited.size > 0) {
      for (const { refund_request_id, status } of await this.#table.finished([...this.#awaited.keys()])) {
        for (const resolve of this.#awaited.get(refund_request_id) ?? []) resolve(status);
        this.#awaited.delete(refund_request_id);
      }
      await sleep(POLLING_MS);
    }
    this.#isPolling = false;
  }
}
