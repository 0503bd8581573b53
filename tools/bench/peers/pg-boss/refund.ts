import type { PgBoss } from 'pg-boss';
import type { PeerRefundParts } from '../../peer.js';
import { RefusedError } from '../../worldfirst-calls.js';
import { type RefundJob, sendJob } from './queue.js';
import { type RefundRow, type RefundsTable, updateRefund } from './refunds-table.js';

type Change = Parameters<typeof updateRefund>[2];

/** The steps of a refund; its row says which one is next. */
export class RefundSteps {
  readonly #boss: PgBoss;
  readonly #table: RefundsTable;
  readonly #parts: PeerRefundParts;

  constructor(boss: PgBoss, table: RefundsTable, parts: PeerRefundParts) {
    this.#boss = boss;
    this.#table = table;
    this.#parts = parts;
  }

  /** Continues a refund until it has ended or waits. */
  async run({ refundRequestId, waits }: RefundJob): Promise<void> {
    const row = await this.#table.find(refundRequestId);
    if (row?.waits !== waits) return;
    try {
      if (row.status === 'requested') await this.#query(row);
      if (row.status === 'sending') await this.#send(row);
      if (row.status === 'accepted' || (row.status === 'unknown' && row.waits === waits))
        await this.#inquire(row);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      await this.#save(row, { status: 'refused', error: error.message });
    }
  }

  async #query(row: RefundRow): Promise<void> {
    const { calls, change } = this.#parts;
    const order = await calls.queryTradeOrder(row.trade_id);
    // A step that a later version of the code added. Refunds that are further never come here.
    if (change) await calls.queryTradeOrder(row.trade_id);
    // The order is kept, so that a request that is repeated after a crash is the identical one.
    await this.#save(row, { status: 'sending', refund_order: order });
  }

  async #send(row: RefundRow): Promise<void> {
    if (!row.refund_order) throw new Error(`the refund ${row.refund_request_id} has no order`);
    const body = { requestId: row.refund_request_id, tradeId: row.trade_id, ...row.refund_order };
    const status = await this.#parts.calls.applyRefund(body);
    if (status === 'accepted') await this.#save(row, { status });
    else await this.#wait(row, { status });
  }

  async #inquire(row: RefundRow): Promise<void> {
    const status = await this.#parts.calls.inquireRefund(row.refund_request_id);
    if (status === 'SUCCESS' || status === 'FAIL') await this.#save(row, { status });
    else await this.#wait(row, {});
  }

  /** Waits for the next inquiry; after the last one it is for an operator. */
  async #wait(row: RefundRow, change: Change): Promise<void> {
    const interval = row.intervals[row.waits];
    if (interval === undefined) return this.#save(row, { ...change, status: 'not-found' });
    const waits = row.waits + 1;
    await this.#table.inTransaction(async (transaction) => {
      await updateRefund(transaction, row.refund_request_id, { ...change, waits });
      await sendJob(this.#boss, transaction, { refundRequestId: row.refund_request_id, waits }, interval);
    });
    Object.assign(row, change, { waits });
  }

  async #save(row: RefundRow, change: Change): Promise<void> {
    await updateRefund(this.#table.pool, row.refund_request_id, change);
    Object.assign(row, change);
  }
}
