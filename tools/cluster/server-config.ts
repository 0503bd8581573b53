import type { Postgres } from './postgres.js';
import type { DATABASES } from './schema.js';

/** The services of Temporal's server. */
export const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;

/** One of the services. */
export type Service = (typeof SERVICES)[number];

/** The ports of one process: for calls, and for the processes to find each other. */
export interface ServicePorts {
  grpc: number;
  membership: number;
}

// As in the configuration that comes with the server. A production cluster has 512 or more.
const HISTORY_SHARDS = 4;

/**
 * The configuration of one process. Each limit is the server's default; the connections are those of its own Docker image.
 * @param ports those of the process; of the other services those of any process
 */
export function serverConfig(
  ports: Readonly<Record<Service, ServicePorts>>,
  postgres: Pick<Postgres, 'port' | 'user' | 'password'>,
  dynamicConfigFile?: string,
): object {
  return {
    // What can't be started says so without a log, too.
    log: { stdout: false, level: 'fatal' },
    persistence: {
      numHistoryShards: HISTORY_SHARDS,
      defaultStore: 'temporal',
      visibilityStore: 'temporal_visibility',
      datastores: {
        temporal: dataStore('temporal', 20, postgres),
        temporal_visibility: dataStore('temporal_visibility', 10, postgres),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    // A process that runs only one of them has to know that there are the others.
    services: Object.fromEntries(
      Object.entries(ports).map(([service, { grpc, membership }]) => [
        service,
        { rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true } },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: '127.0.0.1:7233',
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    ...(dynamicConfigFile !== undefined && {
      dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
    }),
  };
}

function dataStore(
  databaseName: keyof typeof DATABASES,
  connections: number,
  { port, user, password }: Pick<Postgres, 'port' | 'user' | 'password'>,
): object {
  return {
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${port}`,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  };
}

/** The file of settings that can be changed while the server runs, such as `{ 'limit.historyCount.suggestContinueAsNew': 50 }`. */
export function dynamicConfig(settings: Record<string, string | number | boolean>): object {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [{ value }]]));
}
