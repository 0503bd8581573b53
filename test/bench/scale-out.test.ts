// @module-tag long
import { expect, test } from 'vitest';
import { runBench } from '../../tools/bench/bench.js';
import { SMOKE } from '../../tools/bench/options.js';
import { judge } from '../../tools/bench/targets.js';
import { NO_PROGRESS } from '../../tools/harness/progress.js';
import { useBench } from './use-bench.js';

const context = useBench();

test('one worker and two workers make refunds, without a limit of calls and within one', async () => {
  const server = await context.server();
  const results = await runBench(context, server, { ...SMOKE, parts: ['workers'] }, NO_PROGRESS);
  const { levels = [], limited = [], losses } = results.scaleOut ?? {};
  expect(levels.map(({ workers }) => workers)).toEqual([1, 2]);
  for (const { turns, firstAnswers } of levels) {
    expect(turns[0]?.perSecond).toBeGreaterThan(0);
    expect(firstAnswers[0]?.p50).toBeGreaterThan(0);
  }
  // Three calls for each refund.
  expect(limited.map(({ calls }) => calls)).toEqual([6, 6]);
  const counts = judge(results).filter(({ target }) => target.name.startsWith('calls a second above'));
  expect(counts).toMatchObject([{ met: true }]);
  // Only a cluster has two frontends.
  expect(losses).toBeUndefined();
}, 240_000);
