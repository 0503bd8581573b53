// Runs refunds while workers, Temporal's server and WorldFirst's sandbox are killed: `npm run chaos -- --refunds 2000 --seed 7`.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { stopSignal } from '../../cli/stop-signal.js';
import { exitCodeOf } from '../harness/interrupted.js';
import { openProgress } from '../harness/progress.js';
import { readArguments } from './options.js';
import { reportOf, sentenceOf } from './report.js';
import { type Results, runChaos } from './run.js';

// The replay's own lines would break the progress line, and this script handles Ctrl-C itself.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

const { options, temporal, output, worker } = readArguments(process.argv.slice(2));
const progress = openProgress();
const signal = stopSignal();

try {
  const results = await runChaos(options, {
    progress,
    temporal,
    signal,
    ...(worker !== undefined && { worker: pathToFileURL(worker) }),
  });
  progress.close();
  await writeReport(results);
} catch (error) {
  progress.close();
  if (!signal.aborted) console.error(error);
  process.exitCode = 1;
}
process.exit(exitCodeOf(signal) ?? process.exitCode);

async function writeReport(results: Results): Promise<void> {
  const report = reportOf(results);
  await mkdir(output, { recursive: true });
  await writeFile(path.join(output, 'report.md'), report);
  console.log(`\n${report}\nreport.md is in ${output}`);
  const byId = new Map(results.evidence.map((each) => [each.refund.request.refundRequestId, each]));
  for (const violation of results.violations) {
    console.error(sentenceOf(violation, options.seed, output));
    const evidence = byId.get(violation.refundRequestId ?? '');
    if (evidence) {
      const file = path.join(output, `${violation.refundRequestId}.json`);
      const history = evidence.history && JSON.parse(historyToJSON(evidence.history));
      await writeFile(file, `${JSON.stringify({ ...evidence, history }, undefined, 2)}\n`);
    }
    process.exitCode = 1;
  }
}
