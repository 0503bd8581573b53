import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

/** Resolves when a refund has come to need a person. */
export type UntilAttention = (workflowId: string) => Promise<void>;

const LOOK_AGAIN_MS = 100;

/**
 * Hears of refunds that need a person from Temporal's list, one look for all of them. The worker has nothing to do with
 * it, and nobody has to be told by an activity of which plain has no like.
 */
export function watchAttention(client: Client, taskQueue: string): UntilAttention {
  const waiting = new Map<string, { resolve(): void; reject(error: unknown): void }>();
  const query = `TaskQueue = '${taskQueue}' AND RefundStatus = 'needs-attention'`;
  let looking = false;

  async function look(): Promise<void> {
    looking = true;
    try {
      while (waiting.size > 0) {
        for await (const { workflowId } of client.workflow.list({ query })) {
          waiting.get(workflowId)?.resolve();
          waiting.delete(workflowId);
        }
        await sleep(LOOK_AGAIN_MS);
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error);
    } finally {
      looking = false;
    }
  }

  return (workflowId) => {
    const needed = new Promise<void>((resolve, reject) => waiting.set(workflowId, { resolve, reject }));
    if (!looking) void look();
    return needed;
  };
}
