import { whyUnreachable } from '../client/why-unreachable.js';
import { freePorts, isFree } from './free-ports.js';
import { type GuardedProcess, startGuarded } from './guarded-process.js';
import { type SearchAttributes, whenReady } from './temporal-ready.js';
import { findTemporal } from './temporal-sources.js';

/** The options of {@link startTemporalServer}. */
export interface TemporalServerOptions {
  /** Host and port of an existing server. A new server is started when absent, even if `TEMPORAL_ADDRESS` is set. */
  address?: string | undefined;
  /** `default` when absent. */
  namespace?: string | undefined;
  /** Missing ones are registered, also on an external server. */
  searchAttributes?: SearchAttributes;
  /** Supports time skipping, see `TimeSkipper`. An external server must support it by its own configuration. */
  timeSkipping?: boolean;
  /** Also serves Temporal's Web UI. */
  ui?: boolean;
  /** The gRPC port; any free port when absent. */
  port?: number;
  /** Takes the ports that Temporal's tools expect where they are free: 7233, and 8233 for the Web UI. */
  usualPorts?: boolean;
  /** The database file, which keeps everything for the next start, even if the server is killed; in memory only when absent. */
  database?: string;
  /** Waits until the disk has what is written to the database file, so that it also survives a crash of the machine; slower. */
  syncToDisk?: boolean;
  /** Dynamic configuration, such as `{ 'limit.historyCount.suggestContinueAsNew': 50 }`. An external server ignores it. */
  dynamicConfig?: Record<string, string | number | boolean>;
  /** Receives progress messages, one line each: the chosen source, and the progress of a download. */
  onProgress?: (line: string) => void;
}

/** A running Temporal server. */
export interface TemporalServer {
  /** Host and port. */
  address: string;
  namespace: string;
  /** Only with `ui: true`; absent for an external server. */
  uiUrl?: string;
  /** A text that says where the server came from. */
  source: string;
  /** The server's process id; absent for an external server. */
  pid?: number;
  /** Stops the server and waits until it is gone. An external server keeps running. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const EXTERNAL_LIMIT_MS = 3_000;
const START_ATTEMPTS = 3;
const TIME_SKIPPING = [
  // The server reads one of the two, depending on its release.
  'frontend.WorkflowTimeSkippingEnabled=true',
  'system.workflowTimeSkippingEnabled=true',
  // A margin for clock differences in a cluster, 1 s by default. Every skip would wait that long.
  'history.timerProcessorMaxTimeShift="10ms"',
  // 20 a second by default. A skip takes several polls, so after a dozen skips each skip would wait 0.2 s.
  'history.timerProcessorMaxPollRPS=10000',
  'history.transferProcessorMaxPollRPS=10000',
];

/**
 * Starts a real Temporal development server on loopback. Its program is a cached copy, `temporal` on PATH, or a download
 * that is made once. The server ends when this process ends, for any reason.
 *
 * @example
 * ```ts
 * const server = await startTemporalServer({ searchAttributes: SEARCH_ATTRIBUTES, timeSkipping: true });
 * const connection = await Connection.connect({ address: server.address });
 * await server.stop();
 * ```
 *
 * @throws NoTemporalServerError when no program is found, or an error with the server's last output when it does not start
 */
export async function startTemporalServer(options: TemporalServerOptions = {}): Promise<TemporalServer> {
  const { address } = options;
  const server = address ? await useExternal(address, options) : await startOwn(options);
  options.onProgress?.(`Temporal: ${server.source}, at ${server.address}`);
  return server;
}

async function useExternal(address: string, options: TemporalServerOptions): Promise<TemporalServer> {
  const { namespace = 'default', searchAttributes = {} } = options;
  try {
    await whenReady({ address, namespace, searchAttributes, limitMs: EXTERNAL_LIMIT_MS });
  } catch (error) {
    const reason = (await whyUnreachable({ address, namespace })) ?? (error as Error).message;
    throw new Error(
      `The Temporal server at ${address} cannot be used with namespace ${namespace}: ${reason}. ` +
        'Start that server, or correct its address (TEMPORAL_ADDRESS). Without an address a new server is started.',
      { cause: error },
    );
  }
  return { address, namespace, source: 'an existing server', stop: async () => {} };
}

async function startOwn(options: TemporalServerOptions): Promise<TemporalServer> {
  const { path, source } = await findTemporal(process.env, options.onProgress);
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(options);
    const namespace = options.namespace ?? 'default';
    const program = await startGuarded(path, serverArguments(options, namespace, ports), serverEnvironment());
    const address = `127.0.0.1:${ports.grpc}`;
    const ending = await readyOrEnded(program, address, namespace, options.searchAttributes ?? {});
    if (ending === undefined) {
      const uiUrl = ports.ui === undefined ? {} : { uiUrl: `http://127.0.0.1:${ports.ui}` };
      return { address, namespace, ...uiUrl, source, pid: program.pid, stop: program.stop };
    }
    // Another program may have taken the port before the server opened it. Not every server reports that as the reason.
    if (attempt < START_ATTEMPTS) continue;
    throw new Error(`The Temporal server (${path}) ended while it was starting. Its last output:\n${ending}`);
  }
}

/** Returns the program's last output when it ends before it is ready. */
async function readyOrEnded(
  program: GuardedProcess,
  address: string,
  namespace: string,
  searchAttributes: SearchAttributes,
): Promise<string | undefined> {
  const over = new AbortController();
  const readiness = { address, namespace, searchAttributes, limitMs: START_LIMIT_MS };
  const ready = whenReady({ ...readiness, signal: over.signal }).then(() => true);
  try {
    await Promise.race([ready, program.ended]);
    return program.hasEnded() ? (await program.ended) || 'none' : undefined;
  } catch (error) {
    await program.stop();
    throw new Error(`The Temporal server was not ready within ${START_LIMIT_MS / 1000} s`, {
      cause: error,
    });
  } finally {
    over.abort();
    ready.catch(() => {});
  }
}

interface Ports {
  grpc: number;
  http: number;
  metrics: number;
  ui?: number;
}

async function choosePorts({ ui = false, port, usualPorts = false }: TemporalServerOptions): Promise<Ports> {
  const [grpc = 0, uiPort = 0, http = 0, metrics = 0] = await freePorts(4);
  const usual = async (wanted: number, other: number) =>
    usualPorts && (await isFree(wanted)) ? wanted : other;
  return {
    grpc: port ?? (await usual(7233, grpc)),
    http,
    metrics,
    ...(ui && { ui: await usual(8233, uiPort) }),
  };
}

function serverArguments(options: TemporalServerOptions, namespace: string, ports: Ports): string[] {
  const {
    searchAttributes = {},
    timeSkipping = false,
    dynamicConfig = {},
    database,
    syncToDisk = false,
  } = options;
  const settings = [
    ...(timeSkipping ? TIME_SKIPPING : []),
    ...Object.entries(dynamicConfig).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ];
  return [
    ...['server', 'start-dev', '--log-level', 'error', '--ip', '127.0.0.1', '--namespace', namespace],
    ...['--port', `${ports.grpc}`, '--http-port', `${ports.http}`, '--metrics-port', `${ports.metrics}`],
    ...(ports.ui === undefined ? ['--headless'] : ['--ui-port', `${ports.ui}`, '--ui-disable-news-fetch']),
    ...(database === undefined ? [] : ['--db-filename', database]),
    // Written data survives a kill of the server. Surviving a crash of the machine would need a wait for the disk.
    ...(database === undefined || syncToDisk ? [] : ['--sqlite-pragma', 'synchronous=OFF']),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

// The CLI reads TEMPORAL_* as its own options, but the user's variables are for clients.
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
