import type { WorkflowClientInterceptor } from '@temporalio/client';
import { type Command, Option } from 'commander';
import type { RefundClient } from '../client/refund-client.js';
import type { TemporalClient } from '../client/temporal-connection.js';
import type { Output } from './output.js';

/** Connects to Temporal for as long as `use` takes. */
export async function withTemporal<T>(
  env: NodeJS.ProcessEnv,
  use: (temporal: TemporalClient) => Promise<T>,
  interceptors?: WorkflowClientInterceptor[],
): Promise<T> {
  // Loaded only when needed: gRPC takes long to load, and help must not wait for it.
  const { temporalConfig } = await import('../client/temporal-config.js');
  const { connectToTemporal } = await import('../client/temporal-connection.js');
  const { readDataConverter } = await import('../worker/data-converter.js');
  const dataConverter = readDataConverter(env);
  const temporal = await connectToTemporal(temporalConfig(env), dataConverter, interceptors);
  try {
    return await use(temporal);
  } finally {
    await temporal.connection.close();
  }
}

/** A refund client with the configuration of the environment. */
export async function withRefunds<T>(
  env: NodeJS.ProcessEnv,
  use: (refunds: RefundClient, temporal: TemporalClient) => Promise<T>,
  interceptors?: WorkflowClientInterceptor[],
): Promise<T> {
  const { readRefundConfig } = await import('../worker/refund-config.js');
  // The command has printed them.
  const { warnings: _, ...config } = readRefundConfig(env);
  const { RefundClient } = await import('../client/refund-client.js');
  return withTemporal(
    env,
    (temporal) => use(new RefundClient(temporal.client, config), temporal),
    interceptors,
  );
}

/** Runs something in a span, or without one where nothing is traced. */
type InSpan = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** The same for commands that start refunds or send them messages: these are traced where OpenTelemetry's variables ask for it. */
export async function withTracedRefunds<T>(
  { env, output }: { env: NodeJS.ProcessEnv; output: Output },
  use: (refunds: RefundClient, temporal: TemporalClient, inSpan: InSpan) => Promise<T>,
): Promise<T> {
  const { openTraces } = await import('./traces.js');
  const traces = await openTraces(env, output);
  const inSpan: InSpan = traces?.inSpan ?? ((_, run) => run());
  try {
    return await withRefunds(
      env,
      (refunds, temporal) => use(refunds, temporal, inSpan),
      traces && [traces.interceptor],
    );
  } finally {
    await traces?.close();
  }
}

/** Temporal's connection flags, named as in Temporal's own command line. Each stands for one of Temporal's variables. */
const FLAGS = [
  ['--address <host:port>', 'TEMPORAL_ADDRESS'],
  ['--namespace <name>', 'TEMPORAL_NAMESPACE'],
  ['--profile <name>', 'TEMPORAL_PROFILE'],
  ['--api-key <key>', 'TEMPORAL_API_KEY'],
  ['--tls', 'TEMPORAL_TLS'],
  ['--tls-cert-path <file>', 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
  ['--tls-key-path <file>', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
  ['--tls-ca-path <file>', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'],
  ['--tls-server-name <name>', 'TEMPORAL_TLS_SERVER_NAME'],
  ['--codec-endpoint <url>', 'TEMPORAL_CODEC_ENDPOINT'],
  ['--codec-auth <header>', 'TEMPORAL_CODEC_AUTH'],
] as const;

const OPTIONS = FLAGS.map(([flags, variable]) => ({
  option: new Option(flags, `overrides ${variable}`).helpGroup('Connection to Temporal:'),
  variable,
}));

/** The given flags, by commander's names for them. */
export type TemporalFlags = Record<string, unknown>;

/** Adds the flags to a command. */
export function addTemporalFlags(command: Command): Command {
  for (const { option } of OPTIONS) command.addOption(option);
  return command;
}

/** The environment, with the flags in place of the variables. */
export function withTemporalFlags(env: NodeJS.ProcessEnv, flags: TemporalFlags): NodeJS.ProcessEnv {
  const given = OPTIONS.flatMap(({ option, variable }) => {
    const value = flags[option.attributeName()];
    return value === undefined ? [] : [[variable, String(value)]];
  });
  return { ...env, ...Object.fromEntries(given) };
}
