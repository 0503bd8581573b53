import { loadClientConnectConfig } from '@temporalio/envconfig';
import { freePorts } from './free-ports.js';
import { type GuardedProcess, startGuarded } from './guarded-process.js';
import { type SearchAttributes, whenReady } from './temporal-ready.js';
import { findTemporal } from './temporal-sources.js';

/** What the server is to have. */
export interface TemporalServerOptions {
  /** `default` unless set here; with `TEMPORAL_ADDRESS`, what `TEMPORAL_NAMESPACE` says. */
  namespace?: string;
  /** Registered before the server is handed out, also on an external one. */
  searchAttributes?: SearchAttributes;
  /** Allows workflows to skip time, see `TimeSkipper`; an external server must allow it by itself. */
  timeSkipping?: boolean;
  /** Serves Temporal's Web UI too. */
  ui?: boolean;
  /** Its port; any free one when absent. */
  port?: number;
  /** The file in which it keeps everything for the next start, also when it is killed; in memory only when absent. */
  database?: string;
  /** Settings of the server by their names, such as `{ 'limit.historyCount.suggestContinueAsNew': 50 }`; not for an external one. */
  dynamicConfig?: Record<string, string | number | boolean>;
  /** Takes one line at a time for people: a download and its progress, the source that was chosen. */
  onProgress?: (line: string) => void;
}

/** A Temporal server that answers. */
export interface TemporalServer {
  /** Host and port. */
  address: string;
  namespace: string;
  /** Only with `ui: true`, and not for an external server. */
  uiUrl?: string;
  /** In words, where it came from. */
  source: string;
  /** The server's process id; none for an external server. */
  pid?: number;
  /** Ends the server and waits until it is gone; leaves an external one alone. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const EXTERNAL_LIMIT_MS = 3_000;
const START_ATTEMPTS = 3;
const TIME_SKIPPING = [
  // The server reads one or the other, according to its release.
  'frontend.WorkflowTimeSkippingEnabled=true',
  'system.workflowTimeSkippingEnabled=true',
  // Margin for the clocks of a cluster's machines, 1 s unless set: every skip would wait that long.
  'history.timerProcessorMaxTimeShift="10ms"',
  // 20 a second unless set; a skip takes several, so after a dozen of skips each would wait 0.2 s.
  'history.timerProcessorMaxPollRPS=10000',
  'history.transferProcessorMaxPollRPS=10000',
];

/**
 * A real Temporal server: the one at `TEMPORAL_ADDRESS`, or a development server of our own, on ports of this machine.
 * Its program is a cached copy, `temporal` on PATH, or is downloaded once. It ends with this process, whatever ends that.
 * Rejects with `NoTemporalServerError` when there is no program, and with the server's own words when it does not start.
 */
export async function startTemporalServer(options: TemporalServerOptions = {}): Promise<TemporalServer> {
  const { TEMPORAL_ADDRESS: external } = process.env;
  const server = external ? await useExternal(external, options) : await startOwn(options);
  options.onProgress?.(`Temporal: ${server.source}, at ${server.address}`);
  return server;
}

async function useExternal(address: string, options: TemporalServerOptions): Promise<TemporalServer> {
  const { connectionOptions, namespace: configured } = loadClientConnectConfig();
  const namespace = options.namespace ?? configured ?? 'default';
  const { searchAttributes = {} } = options;
  try {
    const { tls, apiKey, metadata } = connectionOptions;
    await whenReady({
      connectionOptions: { address, tls, apiKey, metadata },
      namespace,
      searchAttributes,
      limitMs: EXTERNAL_LIMIT_MS,
    });
  } catch (error) {
    throw new Error(
      `TEMPORAL_ADDRESS is ${address}, but that server is of no use for namespace ${namespace}: ${(error as Error).message}. ` +
        'Correct it or start that server; without TEMPORAL_ADDRESS one is started here.',
      { cause: error },
    );
  }
  return { address, namespace, source: 'the server that TEMPORAL_ADDRESS names', stop: async () => {} };
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
    // Between our asking for a port and the server's using it someone else may take it; not every server says so.
    if (attempt < START_ATTEMPTS) continue;
    throw new Error(`The Temporal server (${path}) ended while it was starting. Its last words:\n${ending}`);
  }
}

/** Returns the program's last words when it ended instead of getting ready. */
async function readyOrEnded(
  program: GuardedProcess,
  address: string,
  namespace: string,
  searchAttributes: SearchAttributes,
): Promise<string | undefined> {
  const over = new AbortController();
  const readiness = { connectionOptions: { address }, namespace, searchAttributes, limitMs: START_LIMIT_MS };
  const ready = whenReady({ ...readiness, signal: over.signal }).then(() => true);
  try {
    await Promise.race([ready, program.ended]);
    return program.hasEnded() ? (await program.ended) || 'none' : undefined;
  } catch (error) {
    await program.stop();
    throw new Error(`The Temporal server did not get ready within ${START_LIMIT_MS / 1000} s`, {
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

async function choosePorts({ ui: withUi = false, port }: TemporalServerOptions): Promise<Ports> {
  const [free = 0, http = 0, metrics = 0, ui] = await freePorts(withUi ? 4 : 3);
  return { grpc: port ?? free, http, metrics, ...(ui !== undefined && { ui }) };
}

function serverArguments(options: TemporalServerOptions, namespace: string, ports: Ports): string[] {
  const { searchAttributes = {}, timeSkipping = false, dynamicConfig = {}, database } = options;
  const settings = [
    ...(timeSkipping ? TIME_SKIPPING : []),
    ...Object.entries(dynamicConfig).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ];
  return [
    ...['server', 'start-dev', '--log-level', 'error', '--ip', '127.0.0.1', '--namespace', namespace],
    ...['--port', `${ports.grpc}`, '--http-port', `${ports.http}`, '--metrics-port', `${ports.metrics}`],
    ...(ports.ui === undefined ? ['--headless'] : ['--ui-port', `${ports.ui}`, '--ui-disable-news-fetch']),
    // What was written outlives the server also when it is killed. To outlive the machine it would have to wait for the disk.
    ...(database === undefined ? [] : ['--db-filename', database, '--sqlite-pragma', 'synchronous=OFF']),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

// The CLI takes TEMPORAL_* as settings of its own, and those of the user are meant for clients.
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
