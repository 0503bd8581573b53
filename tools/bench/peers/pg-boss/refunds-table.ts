import { Pool, type PoolClient } from 'pg';
import type { BenchRefund } from '../../callers.js';
import type { Order } from '../../worldfirst-calls.js';

/** A row: one refund, and how far it has come. */
export interface RefundRow {
  refund_request_id: string;
  trade_id: string;
  /** `requested`, `sending`, `accepted`, `unknown`; at the end `SUCCESS`, `FAIL`, `refused`, `not-found` or `stuck`. */
  status: string;
  refund_order: Order | null;
  /** The waits before the inquiries, in milliseconds. */
  intervals: number[];
  /** How many of these waits have begun. */
  waits: number;
  error: string | null;
}

/** Statuses with which nothing more happens by itself. */
const FINAL = ['SUCCESS', 'FAIL', 'refused', 'not-found', 'stuck'];

const SCHEMA = `
  create table if not exists refunds (
    refund_request_id text primary key,
    trade_id text not null,
    status text not null default 'requested',
    refund_order jsonb,
    intervals jsonb not null,
    waits int not null default 0,
    error text,
    updated_at timestamptz not null default now()
  );
  -- An order is refunded once, unless the earlier refund certainly moved nothing.
  create unique index if not exists one_refund_of_an_order on refunds (trade_id)
    where status not in ('FAIL', 'refused');
`;

/** The state of all refunds, in a table. */
export class RefundsTable {
  readonly pool: Pool;

  constructor(connectionString: string) {
    this.pool = new Pool({ connectionString, max: 20 });
    // A connection that is lost while it is idle; the next query opens another one.
    this.pool.on('error', () => {});
  }

  /** Creates the table where it is not there. */
  async create(): Promise<void> {
    await this.pool.query(SCHEMA);
  }

  /** One refund. */
  async find(refundRequestId: string): Promise<RefundRow | undefined> {
    const { rows } = await this.pool.query<RefundRow>('select * from refunds where refund_request_id = $1', [
      refundRequestId,
    ]);
    return rows[0];
  }

  /** Those of these refunds that have come to an end. */
  async finished(refundRequestIds: readonly string[]): Promise<RefundRow[]> {
    const sql = 'select * from refunds where refund_request_id = any($1) and status = any($2)';
    return (await this.pool.query<RefundRow>(sql, [refundRequestIds, FINAL])).rows;
  }

  /** Runs something in one transaction. */
  async inTransaction<Result>(run: (transaction: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const result = await run(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** Inserts a refund; false where it is there already. */
export async function insertRefund(
  transaction: PoolClient,
  { refundRequestId, tradeId }: BenchRefund,
  intervals: readonly number[],
): Promise<boolean> {
  const sql = `insert into refunds (refund_request_id, trade_id, intervals) values ($1, $2, $3)
    on conflict (refund_request_id) do nothing`;
  const { rowCount } = await transaction.query(sql, [refundRequestId, tradeId, JSON.stringify(intervals)]);
  return rowCount === 1;
}

/** Changes a refund. */
export async function updateRefund(
  transaction: PoolClient | Pool,
  refundRequestId: string,
  change: Partial<Pick<RefundRow, 'status' | 'refund_order' | 'waits' | 'error'>>,
): Promise<void> {
  const columns = Object.keys(change).map((column, index) => `${column} = $${index + 2}`);
  const sql = `update refunds set ${columns.join(', ')}, updated_at = now() where refund_request_id = $1`;
  await transaction.query(sql, [refundRequestId, ...Object.values(change)]);
}
