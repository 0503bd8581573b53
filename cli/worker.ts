import { type Command, InvalidArgumentError } from 'commander';
import { parseInterval } from '../rules/schedule.js';
import { defineCommand } from './command.js';
import { aborted, stopSignal } from './stop-signal.js';

const MINUTE_MS = 60_000;

interface WorkerFlags {
  waitForTemporal: number;
}

/** `worker`: runs refunds until SIGINT or SIGTERM. */
export function workerCommand(): Command {
  return defineCommand<WorkerFlags>('worker', {
    description: 'run refunds until SIGINT or SIGTERM; then finish running calls, and exit with 0',
    examples: ['worker --address temporal.example.com:7233 --namespace payments'],
    run: async ({ output, env, options }) => {
      const { readWorkerConfig } = await import('../worker/worker-config.js');
      const { warnings, ...config } = readWorkerConfig(env);
      for (const warning of warnings) output.note(`warning: ${warning}`);
      const { temporalConfig } = await import('../client/temporal-config.js');
      const temporal = temporalConfig(env);
      const stop = stopSignal(() =>
        output.note('stopped immediately; a refund request in progress has an unknown result now'),
      );
      const { waitForTemporal } = await import('./wait-for-temporal.js');
      const note = (line: string) => output.note(line);
      await waitForTemporal(temporal, { limit: options.waitForTemporal, stop, note });
      if (stop.aborted) return undefined;
      const { runWorker } = await import('./run-worker.js');
      const worker = await runWorker(temporal, config);
      const { taskQueue } = config;
      const { address, namespace } = temporal;
      output.note(`worker ready: task queue ${taskQueue}, namespace ${namespace}, Temporal at ${address}`);
      output.document({ taskQueue, namespace, address });
      await Promise.race([aborted(stop), worker.ended]);
      if (stop.aborted)
        output.note('worker is stopping: it finishes running calls (a second signal aborts them)');
      worker.stop();
      await worker.ended;
      return undefined;
    },
  }).option(
    '--wait-for-temporal <interval>',
    'how long to wait for Temporal at the start, such as 30s or 10m',
    milliseconds,
    10 * MINUTE_MS,
  );
}

function milliseconds(text: string): number {
  const interval = parseInterval(text);
  if (interval === undefined) throw new InvalidArgumentError('It must be an interval such as 30s or 5m.');
  return interval;
}
