import type { Command } from 'commander';
import type { TemporalConfig } from '../client/temporal-config.js';
import { deploymentText } from '../worker/deployment.js';
import type { WorkerConfig } from '../worker/worker-config.js';
import { defineCommand } from './command.js';
import { type Health, type HealthFlags, openHealth, withHealthFlag } from './health.js';
import { withLogFlag } from './log.js';
import { type MetricsFlags, metricsExporter, withMetricsFlag } from './metrics.js';
import type { Output } from './output.js';
import { shellWord } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';
import { interval } from './time.js';
import type { Traces } from './traces.js';

const WAIT_FOR_TEMPORAL_MS = 600_000;

interface WorkerFlags extends HealthFlags, MetricsFlags {
  /** Milliseconds. */
  waitForTemporal?: number;
}

/** `worker`: runs refunds until SIGINT or SIGTERM. */
export function workerCommand(): Command {
  const command = defineCommand<WorkerFlags>('worker', {
    description: 'run refunds until SIGINT or SIGTERM; then finish running calls, and exit with 0',
    examples: [
      'worker --address temporal.example.com:7233 --namespace payments',
      'worker --health 127.0.0.1:9465 --metrics 127.0.0.1:9464 --log-format json',
    ],
    run: async ({ output, env, options }) => {
      const { readWorkerConfig } = await import('../worker/worker-config.js');
      const { warnings, ...config } = readWorkerConfig(env);
      for (const warning of warnings) output.warn(warning);
      const { temporalConfig } = await import('../client/temporal-config.js');
      const temporal = temporalConfig(env);
      // Where Temporal's worker is not installed, this fails before anything is started.
      await import('../worker/temporal-worker.js');
      const stop = stopSignal(() =>
        output.note('stopped immediately; a refund request in progress has an unknown result now'),
      );
      const { openTraces } = await import('./traces.js');
      const traces = await openTraces(env, output);
      const health = await openHealth(options, { stop, output });
      try {
        await run({ temporal, config, options, env, output, stop, health, traces });
      } finally {
        await health.close();
        await traces?.close();
      }
      return undefined;
    },
  }).option(
    '--wait-for-temporal <interval>',
    'how long to wait for Temporal at the start, such as 30s; 10m by default',
    interval,
  );
  return withLogFlag(withMetricsFlag(withHealthFlag(command)));
}

interface Run {
  temporal: TemporalConfig;
  config: Omit<WorkerConfig, 'warnings'>;
  options: WorkerFlags;
  env: NodeJS.ProcessEnv;
  output: Output;
  stop: AbortSignal;
  health: Health;
  traces: Traces | undefined;
}

async function run({ temporal, config, options, env, output, stop, health, traces }: Run): Promise<void> {
  const { waitForTemporal } = await import('./wait-for-temporal.js');
  const note = (line: string) => output.note(line);
  await waitForTemporal(temporal, { limit: options.waitForTemporal ?? WAIT_FOR_TEMPORAL_MS, stop, note });
  if (stop.aborted) return;
  const { runWorker } = await import('./run-worker.js');
  const metrics = await metricsExporter(options, env);
  const plugins = traces ? [traces.plugin] : [];
  const worker = await runWorker(temporal, { ...config, plugins }, { logFormat: output.logFormat, metrics });
  health.readyWhile(() => worker.check());
  const { taskQueue, workerDeploymentOptions: deployment } = config;
  const { address, namespace } = temporal;
  output.note(`worker ready: task queue ${taskQueue}, namespace ${namespace}, Temporal at ${address}`);
  if (deployment) output.note(deploymentNote(deployment));
  output.document({ taskQueue, namespace, address, ...(deployment && { deployment: deployment.version }) });
  await Promise.race([aborted(stop), worker.ended]);
  if (stop.aborted)
    output.note('worker is stopping: it finishes running calls (a second signal aborts them)');
  worker.stop();
  await worker.ended;
}

/** A worker whose build is not in use waits in silence, and looks ready. */
function deploymentNote(deployment: NonNullable<WorkerConfig['workerDeploymentOptions']>): string {
  const { deploymentName, buildId } = deployment.version;
  const command = `temporal worker deployment set-current-version --deployment-name ${shellWord(deploymentName)} --build-id ${shellWord(buildId)}`;
  return `${deploymentText(deployment)}. No refund starts here before this build is the current or the ramping one: ${command}`;
}
