import type { Command } from 'commander';
import type { RefundClient } from '../client/refund-client.js';
import type { TemporalClient } from '../client/temporal-connection.js';
import type { NotificationReport } from '../notifications/report.js';
import { count } from '../rules/metrics.js';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { type HealthFlags, openHealth, withHealthFlag } from './health.js';
import { type ListenFlags, openServer, withListenFlags } from './http-server.js';
import { withLogFlag } from './log.js';
import { type MetricsFlags, metricsExporter, withMetricsFlag } from './metrics.js';
import type { Output } from './output.js';
import { aborted, stopSignal } from './stop-signal.js';
import { withTracedRefunds } from './temporal.js';

interface NotificationFlags extends ListenFlags, HealthFlags, MetricsFlags {
  path: string;
}

const DETAILS = `It uses the worker's variables: WORLDFIRST_CLIENT_ID and the keys. Put a TLS proxy in front of it.
A request that WorldFirst did not sign is answered with 400. Each request is reported in one line on stderr.`;

/** `notifications`: receives WorldFirst's closure notifications until SIGINT or SIGTERM. */
export function notificationsCommand(): Command {
  const command = defineCommand<NotificationFlags>('notifications', {
    description:
      "receive WorldFirst's closure notifications and pass them on to the refunds, until SIGINT or SIGTERM; then exit with 0",
    details: DETAILS,
    examples: ['notifications --port 8090 --path /worldfirst/notifications'],
    run: async ({ options, output, env }) => {
      const { host, port, path } = options;
      await checkPath(path);
      const { readWorkerConfig } = await import('../worker/worker-config.js');
      const { worldfirst: keys, warnings } = readWorkerConfig(env);
      for (const warning of warnings) output.warn(warning);
      const { createNotificationHandler } = await import('../notifications/index.js');
      const stop = stopSignal();
      const health = await openHealth(options, { stop, output });
      const run = async (client: RefundClient, { connection, config }: TemporalClient) => {
        const report = (about: NotificationReport) => {
          output.note(about.message, fieldsOf(about));
          meter?.count(about);
        };
        const handler = createNotificationHandler({ client, keys, path, report });
        const server = await openServer(handler, { host, port });
        const { checkTemporal } = await import('./readiness.js');
        health.readyWhile(() => checkTemporal(connection, config.namespace));
        const url = `${server.url}${path}`;
        output.result({ url, path }, () => `notifications ready: ${url}`);
        await aborted(stop);
        await server.drain();
      };
      let meter: Awaited<ReturnType<typeof openMeter>>;
      try {
        meter = await openMeter(options, env, output);
        await withTracedRefunds({ env, output }, run);
      } finally {
        await meter?.close();
        await health.close();
      }
      return undefined;
    },
  });
  return withLogFlag(withMetricsFlag(withHealthFlag(withListenFlags(command)))).option(
    '--path <path>',
    'the path of the notification URL registered at WorldFirst; it is signed',
    '/worldfirst/notifications',
  );
}

/** Counts notifications, if metrics go anywhere: Temporal's SDK exports them, as in the worker. */
async function openMeter(flags: MetricsFlags, env: NodeJS.ProcessEnv, { logFormat }: Output) {
  const metrics = await metricsExporter(flags, env);
  if (!metrics) return undefined;
  const { installQuietRuntime } = await import('./run-worker.js');
  const runtime = installQuietRuntime({ logFormat, metrics });
  return {
    count: ({ kind }: NotificationReport) => count(runtime.metricMeter, 'notifications', { result: kind }),
    close: () => runtime.shutdown(),
  };
}

/** The fields of a JSON log line. */
function fieldsOf(report: NotificationReport): Parameters<Output['note']>[1] {
  const isUsual = report.kind === 'delivered' || report.kind === 'nothing-new';
  return {
    level: isUsual ? 'info' : 'warn',
    ...('refundRequestIds' in report && { refundRequestIds: report.refundRequestIds }),
  };
}

/** @throws CliError for a path that WorldFirst cannot sign */
async function checkPath(text: string): Promise<void> {
  const { isRegisteredPath } = await import('../notifications/own-side.js');
  if (!isRegisteredPath(text))
    throw new CliError(
      'USAGE',
      `--path ${text} must be the path of a URL, such as /worldfirst/notifications`,
    );
}
