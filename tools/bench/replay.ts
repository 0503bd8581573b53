import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { refundWorkflowBundlePath } from 'worldfirst-refunds/worker';
import type { Child } from '../harness/child.js';
import type { Progress } from '../harness/progress.js';
import { startBenchWorker } from './bench-worker.js';
import type { BenchContext, Server } from './context.js';
import type { BenchOptions } from './options.js';
import type { ReplayCalls } from './replay-child.js';
import type { MeasuredReplays } from './results.js';
import { JUST_WORKS } from './scenarios.js';
import { rotated } from './statistics.js';
import { VARIANTS, type Variant } from './variants.js';

/**
 * Measures the processor time of a replay of a refund that just works, in turns of the variants. A replay does what the
 * worker does for the workflow itself: no calls, no server.
 */
export async function measureReplays(
  context: BenchContext,
  server: Server,
  { variants, replays, replayTurns }: Pick<BenchOptions, 'variants' | 'replays' | 'replayTurns'>,
  progress: Progress,
): Promise<MeasuredReplays[]> {
  const measured: (MeasuredReplays & { child: Child<ReplayCalls> })[] = [];
  for (const variant of VARIANTS.filter(({ name }) => variants.includes(name))) {
    progress.step(`replays: recording and warming up ${variant.name}`);
    const child = await replaying(context, server, variant);
    await child.call('replay', WARM_UP * replays);
    measured.push({ variant: variant.name, cpu: [], child });
  }
  for (let turn = 0; turn < replayTurns; turn++) {
    progress.step(`replays: turn ${turn + 1} of ${replayTurns}`);
    for (const { cpu, child } of rotated(measured, turn)) cpu.push(await child.call('replay', replays));
  }
  for (const { child } of measured) await child.call('close');
  return measured.map(({ variant, cpu }) => ({ variant, cpu }));
}

// In times of a turn: a worker runs for days, and Node's compilers are done in its first minute.
const WARM_UP = 10;

/** A process that replays a refund, which has just been recorded. */
async function replaying(
  context: BenchContext,
  server: Server,
  variant: Variant,
): Promise<Child<ReplayCalls>> {
  const worker = await startBenchWorker(context, server, variant);
  const { requested } = await worker.turn(JUST_WORKS, { count: 1, concurrency: 1 });
  await worker.stop();
  const workflowId = requested[0]?.workflowId as string;
  const history = historyToJSON(await server.client.workflow.getHandle(workflowId).fetchHistory());
  const { codePath } = (await context.bundleOf(variant)) ?? { codePath: refundWorkflowBundlePath };
  const child = await context.process<ReplayCalls>('replay-child.ts');
  await child.call('open', codePath, workflowId, history);
  return child;
}
