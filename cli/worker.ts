import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { aborted, stopSignal } from './stop-signal.js';

/** `worker`: runs refunds until SIGINT or SIGTERM. */
export function workerCommand(): Command {
  return defineCommand('worker', {
    description: 'run refunds until SIGINT or SIGTERM; then finish what is under way, and exit with 0',
    examples: ['worker --address temporal.example.com:7233 --namespace payments'],
    run: async ({ output, env }) => {
      const { readWorkerConfig } = await import('../worker/worker-config.js');
      const { warnings, ...config } = readWorkerConfig(env);
      for (const warning of warnings) output.note(`warning: ${warning}`);
      const { temporalConfig } = await import('../client/temporal-config.js');
      const { connectToTemporal } = await import('../client/temporal-connection.js');
      const temporal = temporalConfig(env);
      // The worker's own connection would take long to fail where there is no server.
      await (await connectToTemporal(temporal)).connection.close();
      const { runWorker } = await import('./run-worker.js');
      const stop = stopSignal(() =>
        output.note('stopped at once; a call that was under way counts as unknown'),
      );
      const worker = await runWorker(temporal, config);
      const { taskQueue } = config;
      const { address, namespace } = temporal;
      output.note(`worker ready: task queue ${taskQueue}, namespace ${namespace}, Temporal at ${address}`);
      output.document({ taskQueue, namespace, address });
      await Promise.race([aborted(stop), worker.ended]);
      if (stop.aborted)
        output.note('worker stops: it finishes what is under way (a second signal ends it at once)');
      worker.stop();
      await worker.ended;
      return undefined;
    },
  });
}
