import { callerOf } from './callers.js';
import type { BenchContext, Server } from './context.js';
import { processesOf } from './cpu.js';
import { historiesOf } from './history.js';
import { freshPrefix, type Load, runLoad } from './load.js';
import type { Round } from './results.js';
import { JUST_WORKS, type Scenario } from './scenarios.js';
import { quantilesOf } from './statistics.js';
import { measuredTurn, perRefund, type Turn } from './turn.js';
import type { Variant } from './variants.js';

/** The worker of one variant, in a process of its own. */
export interface BenchWorker {
  name: string;
  warmUp(load: Load): Promise<void>;
  turn(scenario: Scenario, load: Load): Promise<Turn>;
  /** Reads what the turns left, and measures what needs an unhurried machine. */
  round(scenario: Scenario, turns: readonly Turn[], load: Load): Promise<Round>;
  stop(): Promise<void>;
}

// Two to three starts a second: fewer than the list queries that RefundClient allows itself, so none waits for another.
const REST_MS = 250;

/** On a busy machine a latency is the length of the queue, so the first answer is measured with a tenth of the load. */
export function unhurriedOf({ count, concurrency }: Load): Load {
  const few = Math.ceil(concurrency / 10);
  return { count: Math.ceil(count / 2), concurrency: few, ...(few === 1 && { restMs: REST_MS }) };
}

/** Starts the worker of a variant. */
export async function startBenchWorker(
  context: BenchContext,
  server: Server,
  variant: Variant,
): Promise<BenchWorker> {
  const { address, namespace, client } = server;
  const taskQueue = freshPrefix();
  const { name, workflow } = variant;
  const [sandbox, workflowBundle, worker] = await Promise.all([
    context.sandbox(),
    context.bundleOf(variant),
    context.workerProcess(),
  ]);
  const options = workflowBundle ? { workflowBundle } : {};
  await worker.call('start', { address, namespace, taskQueue, env: sandbox.env, workflow, options });
  const caller = callerOf(workflow, client, taskQueue);

  return {
    name,
    async warmUp(load) {
      await runLoad(caller, JUST_WORKS, load);
    },
    turn(scenario, load) {
      return measuredTurn({ workers: [worker], ...processesOf(server) }, caller, scenario, load);
    },
    async round(scenario, turns, { count, concurrency }) {
      const unhurried = unhurriedOf({ count, concurrency });
      const answers = (await historiesOf(client, await runLoad(caller, scenario, unhurried))).flatMap(
        ({ firstAnswerAfter }) => firstAnswerAfter ?? [],
      );
      const requested = turns.flatMap((turn) => turn.requested);
      const histories = await historiesOf(client, requested);
      const calls = await sandbox.child.call('calls', requested);
      return {
        ...perRefund(turns),
        firstAnswer: quantilesOf(answers),
        counts: histories.map(({ counts }, index) => ({ ...counts, calls: calls[index] ?? 0 })),
      };
    },
    async stop() {
      await worker.call('stop');
      await worker.end();
    },
  };
}
