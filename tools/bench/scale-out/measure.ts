import type { Progress } from '../../harness/progress.js';
import { unhurriedOf } from '../bench-worker.js';
import type { BenchContext, Server } from '../context.js';
import { processesOf } from '../cpu.js';
import { historiesOf } from '../history.js';
import { runLoad } from '../load.js';
import type { BenchOptions } from '../options.js';
import { JUST_WORKS } from '../scenarios.js';
import { mostInASecond, quantilesOf, rotated } from '../statistics.js';
import { measuredTurn, perRefund } from '../turn.js';
import { loseFrontend } from './lost-frontend.js';
import type { LimitedLevel, ScaleOutMeasured, WorkersLevel } from './results.js';
import { startWorkers, type WorkerSet } from './workers.js';

/** How many workers there are, in turns. */
const COUNTS = [1, 2, 4];
// Less than this machine makes without a limit, so that the limit is what they meet.
const CALLS_PER_SECOND = 60;

/** Measures more workers, a limit of calls for all of them, and on a cluster two frontends behind one address. */
export async function measureScaleOut(
  context: BenchContext,
  server: Server,
  options: BenchOptions,
  progress: Progress,
): Promise<ScaleOutMeasured> {
  const counts = options.smoke ? COUNTS.slice(0, 2) : COUNTS;
  const behindOneAddress = await context.behindOneAddress(server);
  const plans = [
    ...counts.map((count) => ({ name: `${count}`, count, server })),
    ...(behindOneAddress
      ? [{ name: '2, two frontends behind one address', count: 2, server: behindOneAddress }]
      : []),
  ];
  const levels = await measureLevels(context, plans, options, progress);
  const limited: LimitedLevel[] = [];
  for (const count of counts) {
    progress.step(`a limit of ${CALLS_PER_SECOND} calls a second, workers: ${count}`);
    limited.push(await measureLimit(context, server, count, options));
  }
  const losses = behindOneAddress && (await loseFrontend(context, behindOneAddress, options, progress));
  return { levels, limited, ...(losses && { losses }) };
}

interface Plan {
  name: string;
  count: number;
  server: Server;
}

async function measureLevels(
  context: BenchContext,
  plans: readonly Plan[],
  { rounds, refunds, concurrency, warmUp }: BenchOptions,
  progress: Progress,
): Promise<WorkersLevel[]> {
  const sets: { server: Server; set: WorkerSet; level: WorkersLevel }[] = [];
  for (const { name, count, server } of plans) {
    progress.step(`warming up, workers: ${name}`);
    const set = await startWorkers(context, server, count);
    await runLoad(set.caller, JUST_WORKS, { count: warmUp, concurrency });
    sets.push({ server, set, level: { name, workers: count, turns: [], firstAnswers: [] } });
  }
  const unhurried = unhurriedOf({ count: refunds, concurrency });
  for (let round = 0; round < rounds; round++) {
    for (const { server, set, level } of rotated(sets, round)) {
      progress.step(`round ${round + 1} of ${rounds}, workers: ${level.name}`);
      const processes = { workers: set.workers, ...processesOf(server) };
      level.turns.push(
        perRefund([await measuredTurn(processes, set.caller, JUST_WORKS, { count: refunds, concurrency })]),
      );
      const histories = await historiesOf(server.client, await runLoad(set.caller, JUST_WORKS, unhurried));
      level.firstAnswers.push(
        quantilesOf(histories.flatMap(({ firstAnswerAfter }) => firstAnswerAfter ?? [])),
      );
    }
  }
  for (const { set } of sets) await set.stop();
  return sets.map(({ level }) => level);
}

async function measureLimit(
  context: BenchContext,
  server: Server,
  count: number,
  { refunds, concurrency }: BenchOptions,
): Promise<LimitedLevel> {
  const { child } = await context.sandbox();
  const set = await startWorkers(context, server, count, CALLS_PER_SECOND);
  const before = (await child.call('callTimes', 0)).length;
  const begun = performance.now();
  await runLoad(set.caller, JUST_WORKS, { count: refunds, concurrency });
  const seconds = (performance.now() - begun) / 1000;
  const times = await child.call('callTimes', before);
  await set.stop();
  return {
    workers: count,
    callsPerSecond: CALLS_PER_SECOND,
    refunds,
    calls: times.length,
    seconds,
    busiest: mostInASecond(times),
  };
}
