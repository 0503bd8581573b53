import { type Command, InvalidArgumentError } from 'commander';
import { type ListenFlags, openServer } from './http-server.js';
import type { Output } from './output.js';

/** Options of the commands that have health endpoints. */
export interface HealthFlags {
  health?: ListenFlags;
}

/** Adds the flag to a command. */
export function withHealthFlag(command: Command): Command {
  return command.option(
    '--health <host:port>',
    'serve /livez (the process runs) and /readyz (it takes work); a port alone is on 127.0.0.1',
    hostAndPort,
  );
}

/** Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`. Without a host it is loopback. */
export function hostAndPort(text: string): ListenFlags {
  const [, ipv6, name, digits = ''] = /^(?:(?:\[([\da-f:.]+)\]|([^\s:[\]/]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    throw new InvalidArgumentError('It must be an address such as 127.0.0.1:9465, or a port.');
  return { host: ipv6 ?? name ?? '127.0.0.1', port };
}

/** What `/readyz` says. */
export interface Health {
  /** From now on the process counts as ready while this resolves. What it rejects with is the reason that is shown. */
  readyWhile(check: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * Serves the health endpoints, if the command has the flag. `/readyz` answers 503 before `readyWhile` is called, and from the
 * moment at which `stop` is aborted.
 * @throws CliError when the address cannot be opened
 */
export async function openHealth(
  { health: at }: HealthFlags,
  { stop, output }: { stop: AbortSignal; output: Pick<Output, 'note'> },
): Promise<Health> {
  if (!at) return { readyWhile: () => {}, close: async () => {} };
  let check = async () => {
    throw new Error('it starts');
  };
  let running: Promise<string | undefined> | undefined;
  // Probes that come at the same time share one call to Temporal.
  const notReady = async (): Promise<string | undefined> => {
    if (stop.aborted) return DRAINING;
    running ??= check()
      .then(() => undefined, messageOf)
      .finally(() => {
        running = undefined;
      });
    const reason = await running;
    return stop.aborted ? DRAINING : reason;
  };
  const server = await openServer(
    async ({ method, url }) => {
      if (method !== 'GET' && method !== 'HEAD') return answer(405, 'only GET and HEAD are allowed');
      const { pathname } = new URL(url);
      if (pathname === '/livez') return answer(200, 'ok');
      if (pathname !== '/readyz') return answer(404, 'there are /livez and /readyz');
      const reason = await notReady();
      return reason === undefined ? answer(200, 'ok') : answer(503, `not ready: ${reason}`);
    },
    at,
    '--health',
  );
  output.note(`health: ${server.url}/livez and ${server.url}/readyz`);
  return {
    readyWhile: (given) => {
      check = given as typeof check;
    },
    close: () => server.drain(),
  };
}

const DRAINING = 'it finishes its work and stops';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'cache-control': 'no-store' } });
}
