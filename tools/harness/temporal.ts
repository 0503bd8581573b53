import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type Command, Option } from 'commander';
import { SEARCH_ATTRIBUTES } from 'worldfirst-refunds';
import { startTemporalServer } from 'worldfirst-refunds/testing';
import { type Cluster, type ClusterOptions, startCluster } from '../cluster/cluster.js';
import { makeFolder } from '../cluster/folder.js';

/** The kinds of server that a command can start: `dev-file` keeps its data in a file and waits for the disk, `dev` in memory. */
const TEMPORAL_KINDS = ['dev', 'dev-file', 'cluster'] as const;

/** One of {@link TEMPORAL_KINDS}. */
type TemporalKind = (typeof TEMPORAL_KINDS)[number];

/** Which Temporal server a command runs on. */
export interface TemporalChoice {
  temporal: TemporalKind;
  /** A server that is already there, instead. */
  address?: string;
  namespace: string;
  /** Whether the namespace of that server may hold workflows already. */
  sharedNamespace: boolean;
}

/** A Temporal server for a command. */
export interface Temporal {
  address: string;
  namespace: string;
  /** `external` where it was there before. */
  kind: TemporalKind | 'external';
  uiUrl?: string;
  /** The processes of the server and its database; none of a server that was there before. */
  pids(): number[];
  /** Only where it is a cluster that was started here. */
  cluster?: Cluster;
  /** Ends it; leaves a server alone that was there before. */
  stop(): Promise<void>;
}

/** What a command needs of its server. */
interface TemporalNeeds {
  ui?: boolean;
  timeSkipping?: boolean;
  /** The file of a development server. */
  database?: string;
  /** How many processes of each service of a cluster. */
  counts?: ClusterOptions['counts'];
  /** Is called when a process of a cluster ended by itself. */
  onFall?: ClusterOptions['onFall'];
  onProgress?: (line: string) => void;
  signal?: AbortSignal;
}

/** The namespace of `--address` holds workflows that the command did not start. */
class ForeignWorkflowsError extends Error {
  override readonly name = 'ForeignWorkflowsError';
}

// The setting of a cluster without which no workflow may skip time. It is no limit.
const SKIPS_TIME = { 'frontend.WorkflowTimeSkippingEnabled': true };

/** Adds the flags that choose the server. */
export function withTemporalFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--temporal <kind>',
        'a development server with its data in memory or in a file, or a cluster on PostgreSQL (docs/cluster.md)',
      )
        .choices(TEMPORAL_KINDS)
        .default('dev'),
    )
    .addOption(
      new Option('--address <host:port>', 'a Temporal server that is already there').env('TEMPORAL_ADDRESS'),
    )
    .addOption(
      new Option('--namespace <name>', 'the namespace on it').env('TEMPORAL_NAMESPACE').default('default'),
    )
    .option('--shared-namespace', 'allows that this namespace holds workflows already', false);
}

/** Starts the server that was chosen, or looks at the one that is there. */
export async function openTemporal(choice: TemporalChoice, needs: TemporalNeeds = {}): Promise<Temporal> {
  const { temporal, namespace } = choice;
  // An empty TEMPORAL_ADDRESS names none.
  const address = choice.address || undefined;
  const { onProgress, onFall, signal, counts, timeSkipping = false, ...forDevelopmentServer } = needs;
  const said = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  if (temporal === 'cluster') {
    const cluster = await startCluster({
      namespace,
      ...(counts && { counts }),
      ...(onFall && { onFall }),
      ...(timeSkipping && { dynamicConfig: SKIPS_TIME }),
      ...said,
    });
    onProgress?.(`Temporal: ${cluster.source}, at ${cluster.address}`);
    return {
      address: cluster.address,
      namespace,
      kind: temporal,
      cluster,
      pids: () => pidsOf(cluster),
      stop: cluster.stop,
    };
  }
  const folder = temporal === 'dev-file' && address === undefined ? await makeFolder() : undefined;
  const server = await startTemporalServer({
    ...forDevelopmentServer,
    ...(folder !== undefined && { database: path.join(folder, 'temporal.db'), syncToDisk: true }),
    address,
    namespace,
    timeSkipping,
    searchAttributes: SEARCH_ATTRIBUTES,
    ...(onProgress && { onProgress }),
  });
  if (address !== undefined && !choice.sharedNamespace)
    await refuseForeignWorkflows(server.address, namespace);
  const { pid } = server;
  return {
    ...server,
    kind: address === undefined ? temporal : 'external',
    pids: () => (pid === undefined ? [] : [pid]),
    async stop() {
      await server.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function pidsOf({ postgres, services }: Cluster): number[] {
  return [postgres, ...Object.values(services).flat()].flatMap(({ pid }) => pid ?? []);
}

async function refuseForeignWorkflows(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const { count } = await new Client({ connection, namespace }).workflow.count();
    if (count === 0) return;
    throw new ForeignWorkflowsError(
      `The namespace ${namespace} at ${address} holds ${count} workflows. This command fills a namespace with refunds of its own: ` +
        'give it an empty one by --namespace, or allow this one by --shared-namespace.',
    );
  } finally {
    await connection.close();
  }
}
