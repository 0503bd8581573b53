import { callerOf } from './callers.js';
import type { BenchContext, Server } from './context.js';
import { historiesOf } from './history.js';
import { freshPrefix, type Load, type RequestedRefund, runLoad } from './load.js';
import { cpuOf } from './processes.js';
import type { Round } from './results.js';
import { JUST_WORKS, type Scenario } from './scenarios.js';
import { quantile, sum } from './statistics.js';
import type { Variant } from './variants.js';

/** What one turn took, of the several in which a variant makes the refunds of a round. */
interface Turn {
  requested: RequestedRefund[];
  seconds: number;
  /** Processor time in milliseconds. */
  workerCpu: number;
  /** NaN where the system does not show it. */
  serverCpu: number;
}

/** The worker of one variant, in a process of its own. */
export interface BenchWorker {
  name: string;
  warmUp(load: Load): Promise<void>;
  turn(scenario: Scenario, load: Load): Promise<Turn>;
  /** Reads what the turns left, and measures what needs an unhurried machine. */
  round(scenario: Scenario, turns: readonly Turn[], load: Load): Promise<Round>;
  stop(): Promise<void>;
}

/** Starts the worker of a variant. */
export async function startBenchWorker(
  context: BenchContext,
  { address, namespace, client, pids }: Server,
  variant: Variant,
): Promise<BenchWorker> {
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
    async turn(scenario, load) {
      const before = { worker: await worker.call('cpu'), server: cpuOf(pids()), at: performance.now() };
      const requested = await runLoad(caller, scenario, load);
      const seconds = (performance.now() - before.at) / 1000;
      const workerCpu = (await worker.call('cpu')) - before.worker;
      return { requested, seconds, workerCpu, serverCpu: cpuOf(pids()) - before.server };
    },
    async round(scenario, turns, { count, concurrency }) {
      // On a busy machine a latency is the length of the queue, so it is measured with a tenth of the load.
      const unhurried = { count: Math.ceil(count / 5), concurrency: Math.ceil(concurrency / 10) };
      const latencies = (await historiesOf(client, await runLoad(caller, scenario, unhurried))).flatMap(
        ({ firstAnswerAfter }) => firstAnswerAfter ?? [],
      );
      const requested = turns.flatMap((turn) => turn.requested);
      const histories = await historiesOf(client, requested);
      const calls = await sandbox.child.call('calls', requested);
      const serverCpu = sum(turns.map((turn) => turn.serverCpu)) / requested.length;
      return {
        perSecond: requested.length / sum(turns.map(({ seconds }) => seconds)),
        workerCpu: sum(turns.map(({ workerCpu }) => workerCpu)) / requested.length,
        ...(!Number.isNaN(serverCpu) && { serverCpu }),
        firstAnswer: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
        counts: histories.map(({ counts }, index) => ({ ...counts, calls: calls[index] ?? 0 })),
      };
    },
    async stop() {
      await worker.call('stop');
      await worker.end();
    },
  };
}
