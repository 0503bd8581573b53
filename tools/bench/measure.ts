import { watchAttention } from './attention.js';
import { historiesOf } from './history.js';
import { type AskedRefund, type Load, run } from './load.js';
import { cpuOf } from './processes.js';
import type { Latency, Round } from './results.js';
import { JUST_WORKS, type Scenario } from './scenarios.js';
import { quantile } from './statistics.js';
import type { Server, Surroundings } from './surroundings.js';
import type { Variant } from './variants.js';
import { wayOf } from './ways.js';

/** How much one round asks for. */
export interface RoundSize {
  refunds: number;
  concurrency: number;
  /** Refunds before the measured ones, so that no compiler is at work meanwhile. */
  warmUp: number;
}

/** What one turn took, of the several in which a variant makes the refunds of a round. */
export interface Turn {
  asked: AskedRefund[];
  seconds: number;
  /** Processor time in milliseconds. */
  workerCpu: number;
  /** Absent where the system does not tell. */
  serverCpu?: number;
}

/** The worker of one variant, in a process of its own. */
export interface BenchWorker {
  warmUp(size: RoundSize): Promise<void>;
  turn(scenario: Scenario, refunds: number, concurrency: number): Promise<Turn>;
  /** Looks at what the turns left, and measures what needs a quiet machine. */
  round(scenario: Scenario, turns: readonly Turn[], size: RoundSize): Promise<Round>;
  stop(): Promise<void>;
}

/** Starts the worker of a variant. */
export async function startBenchWorker(
  surroundings: Surroundings,
  { address, client, pid }: Server,
  variant: Variant,
): Promise<BenchWorker> {
  const taskQueue = freshPrefix();
  const [sandbox, workflows, worker] = await Promise.all([
    surroundings.sandbox(variant),
    surroundings.workflowsOf(variant),
    surroundings.workerProcess(),
  ]);
  const { workflow, worker: options = {} } = variant;
  await worker.ask('start', { address, taskQueue, env: sandbox.env, workflow, ...workflows, options });

  const untilAttention = watchAttention(client, taskQueue);
  const way = wayOf(variant.way, client, taskQueue);
  const runLoad = (scenario: Scenario, load: Load) =>
    variant.inWorker
      ? worker.ask('run', variant.way, taskQueue, scenario, load, variant.inWorker)
      : run(way, scenario, load, workflow === 'ours' ? untilAttention : undefined);

  return {
    async warmUp({ warmUp, concurrency }) {
      await runLoad(JUST_WORKS, { count: warmUp, concurrency, prefix: `${freshPrefix()}w` });
    },
    async turn(scenario, refunds, concurrency) {
      const before = { worker: await worker.ask('cpu'), server: cpuOf(pid), at: performance.now() };
      const asked = await runLoad(scenario, { count: refunds, concurrency, prefix: `${freshPrefix()}r` });
      const seconds = (performance.now() - before.at) / 1000;
      const after = { worker: await worker.ask('cpu'), server: cpuOf(pid) };
      return {
        asked,
        seconds,
        workerCpu: after.worker - before.worker,
        ...(before.server !== undefined &&
          after.server !== undefined && { serverCpu: after.server - before.server }),
      };
    },
    async round(scenario, turns, { refunds, concurrency }) {
      // Where everything is busy, a latency is the length of the queue. So it is taken with a tenth of the load.
      const load = { count: Math.ceil(refunds / 5), concurrency: Math.ceil(concurrency / 10) };
      const unhurried = await runLoad(scenario, { ...load, prefix: `${freshPrefix()}u` });
      const answers = await historiesOf(client, unhurried);
      const asked = turns.flatMap((turn) => turn.asked);
      const histories = await historiesOf(client, asked);
      const calls = await sandbox.child.ask('calls', asked);
      const serverCpu = sum(turns.map((turn) => turn.serverCpu ?? Number.NaN)) / asked.length;
      return {
        perSecond: asked.length / sum(turns.map(({ seconds }) => seconds)),
        workerCpu: sum(turns.map(({ workerCpu }) => workerCpu)) / asked.length,
        ...(!Number.isNaN(serverCpu) && { serverCpu }),
        firstAnswer: latencyOf(unhurried, (_, index) => answers[index]?.answeredAt),
        told: latencyOf(unhurried, ({ toldAt }) => toldAt),
        counts: histories.map(({ counts }, index) => ({ ...counts, calls: calls[index] ?? 0 })),
      };
    },
    async stop() {
      await worker.ask('stop');
      await worker.end();
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** What no other load of any run has begun its ids with. It is short, for an id has 64 characters at most. */
export function freshPrefix(): string {
  prefixes += 1;
  return `${Date.now().toString(36)}x${prefixes}`;
}

let prefixes = 0;

function latencyOf(
  asked: readonly AskedRefund[],
  until: (refund: AskedRefund, index: number) => number | undefined,
): Latency {
  const latencies = asked.flatMap((refund, index) => {
    const at = until(refund, index);
    return at === undefined ? [] : [at - refund.askedAt];
  });
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
