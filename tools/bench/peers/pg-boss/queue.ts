import type { PoolClient } from 'pg';
import { PgBoss } from 'pg-boss';

/** A job: the refund whose next step is due. */
export interface RefundJob {
  refundRequestId: string;
  /** How many waits had begun when it was sent; a job that comes late or twice does nothing. */
  waits: number;
}

/** The queue of the refunds, and that of jobs whose retries are used up. */
export const QUEUE = 'refund';
export const DEAD_LETTERS = 'refund-dead-letters';

/** Starts pg-boss with both queues. */
export async function startBoss(connectionString: string): Promise<PgBoss> {
  // A job that is due at once wakes a worker at once; a dead worker is noticed within a minute.
  const boss = new PgBoss({ connectionString, useListenNotify: true, monitorIntervalSeconds: 30 });
  boss.on('error', console.error);
  await boss.start();
  await boss.createQueue(DEAD_LETTERS);
  await boss.createQueue(QUEUE, {
    notify: true,
    heartbeatSeconds: 30,
    expireInSeconds: 120,
    retryLimit: 10,
    retryBackoff: true,
    retryDelayMax: 300,
    deadLetter: DEAD_LETTERS,
  });
  return boss;
}

/** Sends the next job of a refund with what a transaction of ours changes, or neither. */
export async function sendJob(
  boss: PgBoss,
  transaction: PoolClient,
  job: RefundJob,
  afterMs = 0,
): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => transaction.query(text, values) };
  const startAfter = afterMs > 0 ? { startAfter: new Date(Date.now() + afterMs) } : {};
  await boss.send(QUEUE, job, { db, ...startAfter });
}
