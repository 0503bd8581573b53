// Measures refunds against a plain Temporal workflow: `npm run bench`, or `npm run bench -- --smoke` in some seconds.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { aborted, stopSignal } from '../../cli/stop-signal.js';
import { exitCodeOf } from '../harness/interrupted.js';
import { openProgress } from '../harness/progress.js';
import { runBench } from './bench.js';
import { BenchContext } from './context.js';
import { readArguments } from './options.js';
import { reportOf } from './report.js';
import { judge, missedCounts } from './targets.js';

const { options, temporal, output } = readArguments(process.argv.slice(2));
const progress = openProgress();
const context = new BenchContext(temporal);
const signal = stopSignal();

await Promise.race([measureAndReport(), aborted(signal)]).finally(async () => {
  progress.close();
  await context.stop();
});
// An interrupted measurement is not reported.
process.exit(exitCodeOf(signal) ?? process.exitCode);

async function measureAndReport(): Promise<void> {
  try {
    // Of two frontends one can be lost.
    const frontends = options.parts.includes('workers') ? 2 : 1;
    const server = await context.server({ frontends, onProgress: (line) => progress.say(line) });
    const results = await runBench(context, server, options, progress);
    const report = reportOf(results);
    await mkdir(output, { recursive: true });
    await writeFile(path.join(output, 'report.md'), report);
    await writeFile(path.join(output, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
    progress.close();
    console.log(`\n${report}\nreport.md and results.json are in ${output}`);
    for (const { target, limit, measured } of missedCounts(judge(results))) {
      console.error(`${target.name}: ${measured}; allowed is ${target.bound} ${limit}`);
      if (options.smoke) process.exitCode = 1;
    }
  } catch (error) {
    if (context.isStopped) return;
    console.error(error);
    process.exitCode = 1;
  }
}
