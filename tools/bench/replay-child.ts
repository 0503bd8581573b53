// Replays one history again and again, in a process of its own.
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  DefaultLogger,
  type ReplayResult,
  type ReplayWorkerOptions,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { serve } from '../harness/child.js';
import { usage } from './usage.js';

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let replays: AsyncIterableIterator<ReplayResult> | undefined;

const calls = {
  /** Makes the worker. It runs workflow code as a worker of refunds does: in a thread, with a time limit. */
  open(codePath: string, workflowId: string, history: string): void {
    const options = { workflowBundle: { codePath }, debugMode: false };
    replays = Worker.runReplayHistories(
      options as ReplayWorkerOptions,
      again({ workflowId, history: historyFromJSON(JSON.parse(history)) }),
    );
  },

  /** Replays the history so many times; resolves to the milliseconds of processor time of one replay. */
  async replay(count: number): Promise<number> {
    const before = usage.cpu();
    for (let done = 0; done < count; done++) {
      const { value } = (await replays?.next()) ?? {};
      if (value?.error) throw value.error;
    }
    return (usage.cpu() - before) / count;
  },

  /** Ends the worker. */
  close: () => replays?.return?.(),
};

/** What the process serves. */
export type ReplayCalls = typeof calls;

async function* again<Item>(item: Item): AsyncGenerator<Item> {
  for (;;) yield item;
}

serve(calls);
