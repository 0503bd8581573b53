import { rm } from 'node:fs/promises';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import type { SearchAttributes } from '../../testing/temporal-ready.js';
import { SERVER_VERSION, serverPrograms } from './build.js';
import { makeFolder } from './folder.js';
import { registerNamespace } from './namespace.js';
import { startPostgres } from './postgres.js';
import type { ClusterProcess } from './process.js';
import { createSchemas } from './schema.js';
import { SERVICES, type Service } from './server-config.js';
import { makeServices, type Services, type ServicesOptions } from './services.js';

/** What the cluster is to have. */
export interface ClusterOptions extends ServicesOptions {
  /** `default` when absent. */
  namespace?: string;
  /** Those of refunds when absent. */
  searchAttributes?: SearchAttributes;
  /** Is called when a process ended by itself. */
  onFall?: (process: ClusterProcess, lastLines: string) => void;
  /** Takes one line at a time. */
  onProgress?: (line: string) => void;
  /** Ends a build that is under way. */
  signal?: AbortSignal;
}

/** Temporal's server as people run it: its services as processes of their own, on PostgreSQL. */
export interface Cluster {
  /** Host and port of the first frontend. */
  address: string;
  /** Of all frontends. */
  addresses: readonly string[];
  namespace: string;
  /** In words. */
  source: string;
  postgres: ClusterProcess;
  /** What connects a client to a database of its PostgreSQL. */
  databaseUrlOf(database: string): string;
  /** All processes of a service. */
  services: Readonly<Record<Service, readonly ClusterProcess[]>>;
  /** Ends everything and removes its data; harmless when repeated. */
  stop(): Promise<void>;
}

/** Starts a cluster on loopback; builds its programs where they are not in the cache. It ends with this process, whatever ends that. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { onProgress = () => {}, onFall = () => {}, signal, namespace = 'default' } = options;
  const programs = await serverPrograms(onProgress, signal);
  onProgress(`Starting Temporal's server ${SERVER_VERSION} and PostgreSQL`);
  const folder = await makeFolder();
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const postgres = await startPostgres(folder, onProgress);
    ends.push(() => postgres.process.stop());
    await createSchemas(programs.sqlTool, postgres);
    signal?.throwIfAborted();
    const { services, addresses } = await makeServices(programs.server, postgres, folder, options);
    const processes = Object.values(services).flat();
    ends.push(() => Promise.all(processes.map((process) => process.stop())));
    for (const each of [postgres.process, ...processes]) {
      each.onFall = (lastLines) => onFall(each, lastLines);
    }
    // The first process writes the cluster's metadata; of several at once all but one would fail.
    const [first, ...others] = processes;
    await first?.start();
    await Promise.all(others.map((process) => process.start()));
    const { searchAttributes = SEARCH_ATTRIBUTES } = options;
    await registerNamespace(addresses, { namespace, searchAttributes });
    return {
      address: addresses[0] as string,
      addresses,
      namespace,
      source: `Temporal's server ${SERVER_VERSION} (${inWords(services)}) on PostgreSQL ${postgres.version}`,
      postgres: postgres.process,
      databaseUrlOf: postgres.urlOf,
      services,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function inWords(services: Services): string {
  return SERVICES.map((service) =>
    services[service].length === 1 ? service : `${services[service].length} × ${service}`,
  ).join(', ');
}
