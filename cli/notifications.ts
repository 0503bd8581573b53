import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { type ListenFlags, openServer, withListenFlags } from './http-server.js';
import { aborted, stopSignal } from './stop-signal.js';
import { withRefunds } from './temporal.js';

interface NotificationFlags extends ListenFlags {
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
    run: async ({ options: { host, port, path }, output, env }) => {
      await checkPath(path);
      const { readWorkerConfig } = await import('../worker/worker-config.js');
      const { worldfirst: keys, warnings } = readWorkerConfig(env);
      for (const warning of warnings) output.note(`warning: ${warning}`);
      const { createNotificationHandler } = await import('../notifications/index.js');
      const stop = stopSignal();
      await withRefunds(env, async (client) => {
        const report = ({ message }: { message: string }) => output.note(message);
        const server = await openServer(createNotificationHandler({ client, keys, path, report }), {
          host,
          port,
        });
        const url = `${server.url}${path}`;
        output.result({ url, path }, () => `notifications ready: ${url}`);
        await aborted(stop);
        await server.drain();
      });
      return undefined;
    },
  });
  return withListenFlags(command).option(
    '--path <path>',
    'the path of the notification URL registered at WorldFirst; it is signed',
    '/worldfirst/notifications',
  );
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
