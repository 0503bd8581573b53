import { setTimeout as sleep } from 'node:timers/promises';
import { RefundClient, workflowIdOf } from 'worldfirst-refunds';
import type { ClusterProcess } from '../../cluster/process.js';
import type { Progress } from '../../harness/progress.js';
import type { Caller } from '../callers.js';
import type { BenchContext, Server } from '../context.js';
import { now, runLoad } from '../load.js';
import type { BenchOptions } from '../options.js';
import { JUST_WORKS, SHORT_SCHEDULE } from '../scenarios.js';
import type { FrontendLoss, RefundOfLoss } from './results.js';
import { startWorkers } from './workers.js';

const CALL_AGAIN_MS = 1_000;
const CALLS = 120;

/**
 * Kills one of two frontends while refunds run, each of them in turn. It stays down until all refunds have ended. Two
 * applications and two workers are connected through one address, so that each frontend has some of their connections.
 */
export async function loseFrontend(
  context: BenchContext,
  server: Server,
  { rounds, refunds, concurrency, warmUp }: BenchOptions,
  progress: Progress,
): Promise<FrontendLoss[]> {
  const { child } = await context.sandbox();
  const set = await startWorkers(context, server, 2);
  const applications = [await context.connect(server), await context.connect(server)].map(
    (client) => new RefundClient(client, { taskQueue: set.taskQueue, defaults: SHORT_SCHEDULE }),
  );
  await runLoad(set.caller, JUST_WORKS, { count: warmUp, concurrency });
  const losses: FrontendLoss[] = [];
  for (let round = 0; round < rounds; round++) {
    progress.step(`a frontend is lost: round ${round + 1} of ${rounds}`);
    const frontends = server.cluster?.services.frontend ?? [];
    const frontend = frontends[round % frontends.length] as ClusterProcess;
    const seen = new Map<string, Omit<RefundOfLoss, 'requestedAt' | 'endedAt' | 'moved' | 'sends'>>();
    let killed: Promise<void> | undefined;
    let killedAt = Number.NaN;
    let ended = 0;
    const caller: Caller = {
      workflowIdOf,
      async request({ refundRequestId, tradeId }) {
        const application = applications[seen.size % applications.length] as RefundClient;
        const refund = { startedAt: Number.NaN, status: '', startErrors: [], resultErrors: [] };
        seen.set(refundRequestId, refund);
        const request = { product: 'worldtrade', refundRequestId, tradeId } as const;
        await untilItWorks(() => application.start(request), refund.startErrors);
        refund.startedAt = now();
        const outcome = await untilItWorks(() => application.result(refundRequestId), refund.resultErrors);
        refund.status = outcome?.status ?? 'lost';
        ended += 1;
        if (ended < refunds / 3 || killed) return;
        killedAt = now();
        killed = frontend.kill();
      },
    };
    const requested = await runLoad(caller, JUST_WORKS, { count: refunds, concurrency });
    await killed;
    await frontend.start();
    const all: RefundOfLoss[] = [];
    for (const { refundRequestId, tradeId, requestedAt, endedAt } of requested) {
      const { moved, sends } = await child.call('books', tradeId);
      const refund = seen.get(refundRequestId);
      if (refund) all.push({ ...refund, requestedAt, endedAt, moved, sends });
    }
    losses.push({ killedAt, refunds: all });
  }
  await set.stop();
  return losses;
}

/** Calls again after an error, as an application does; undefined when it never works. */
async function untilItWorks<T>(call: () => Promise<T>, errors: string[]): Promise<T | undefined> {
  for (let attempt = 0; attempt < CALLS; attempt++) {
    try {
      return await call();
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string };
      errors.push(`${code ?? name}: ${message}`);
      await sleep(CALL_AGAIN_MS);
    }
  }
  return undefined;
}
