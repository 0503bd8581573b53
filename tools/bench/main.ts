// Measures refunds against a workflow written by hand: `npm run bench`, or `npm run bench -- --smoke` in a few seconds.
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { openProgress } from '../harness/progress.js';
import { runBench } from './bench.js';
import { reportOf } from './report.js';
import { readArguments } from './settings.js';
import { Surroundings } from './surroundings.js';
import { judge, missedCounts } from './targets.js';

const { settings, output } = readArguments(process.argv.slice(2));
const progress = openProgress();
const surroundings = new Surroundings(settings.delay);
const interrupted = Promise.race(
  (['SIGINT', 'SIGTERM'] as const).map((name) => once(process, name).then(() => name)),
);

const signal = await Promise.race([measureAndReport().then(() => undefined), interrupted]).finally(
  async () => {
    progress.close();
    await surroundings.stop();
  },
);
// What was under way when it was interrupted is of no interest any more.
process.exit(signal ? 128 + constants.signals[signal] : process.exitCode);

async function measureAndReport(): Promise<void> {
  try {
    const server = await surroundings.server(undefined, (line) => progress.say(line));
    const results = await runBench(surroundings, server, settings, progress);
    const report = reportOf(results);
    await mkdir(output, { recursive: true });
    await writeFile(path.join(output, 'report.md'), report);
    await writeFile(path.join(output, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
    progress.close();
    console.log(`\n${report}\nreport.md and results.json are in ${output}`);
    for (const { target, limit, measured } of missedCounts(judge(results))) {
      console.error(`${target.name}: ${measured}, and ${target.bound} ${limit} is allowed`);
      if (settings.smoke) process.exitCode = 1;
    }
  } catch (error) {
    if (surroundings.isStopped) return;
    console.error(error);
    process.exitCode = 1;
  }
}
