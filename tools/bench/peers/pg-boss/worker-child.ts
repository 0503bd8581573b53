// A worker of pg-boss that runs refunds, in a process of its own.
import type { Job, JobResult } from 'pg-boss';
import { serve } from '../../../harness/child.js';
import type { PeerWorkerSetup } from '../../peer.js';
import { usage } from '../../usage.js';
import { createWorldFirstCalls, worldFirstClientOf } from '../../worldfirst-calls.js';
import { DEAD_LETTERS, QUEUE, type RefundJob, startBoss } from './queue.js';
import { RefundSteps } from './refund.js';
import { RefundsTable, updateRefund } from './refunds-table.js';

let stop = async () => {};

// Fifty jobs at a time. A full batch is followed by the next one at once, and a job that was delayed by a poll.
const WORK = {
  localConcurrency: 5,
  batchSize: 10,
  burstWhenBatchFull: true,
  notifyPollingIntervalSeconds: 2,
  perJobResults: true,
} as const;

serve({
  ...usage,

  async start({ databaseUrl, env, change }: PeerWorkerSetup): Promise<void> {
    const table = new RefundsTable(databaseUrl);
    await table.create();
    const boss = await startBoss(databaseUrl);
    const steps = new RefundSteps(boss, table, {
      calls: createWorldFirstCalls(worldFirstClientOf(env)),
      change,
    });
    const run = async ({ id, data }: Job<RefundJob>): Promise<JobResult> => {
      try {
        await steps.run(data);
        return { id, status: 'completed' };
      } catch (error) {
        return { id, status: 'failed', output: { message: String(error) } };
      }
    };
    await boss.work<RefundJob, JobResult[], typeof WORK>(QUEUE, WORK, (jobs) => Promise.all(jobs.map(run)));
    await boss.work<RefundJob>(DEAD_LETTERS, async ([job]) => {
      if (job) await updateRefund(table.pool, job.data.refundRequestId, { status: 'stuck' });
    });
    stop = async () => {
      await boss.stop({ graceful: true });
      await table.close();
    };
  },

  stop: () => stop(),
});
