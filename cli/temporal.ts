import type { RefundClient } from '../client/refund-client.js';
import type { TemporalClient } from '../client/temporal-connection.js';

/** Connects to Temporal for as long as `use` takes. */
export async function withTemporal<T>(
  env: NodeJS.ProcessEnv,
  use: (temporal: TemporalClient) => Promise<T>,
): Promise<T> {
  // Loaded only when needed: gRPC takes long to load, and help must not wait for it.
  const { temporalConfig } = await import('../client/temporal-config.js');
  const { connectToTemporal } = await import('../client/temporal-connection.js');
  const { readDataConverter } = await import('../worker/data-converter.js');
  const dataConverter = readDataConverter(env);
  const temporal = await connectToTemporal(temporalConfig(env), dataConverter);
  try {
    return await use(temporal);
  } finally {
    await temporal.connection.close();
  }
}

/** A refund client with the configuration of the environment. */
export async function withRefunds<T>(
  env: NodeJS.ProcessEnv,
  use: (refunds: RefundClient) => Promise<T>,
): Promise<T> {
  const { readRefundConfig } = await import('../worker/refund-config.js');
  const { taskQueue, options: defaults } = readRefundConfig(env);
  const { RefundClient } = await import('../client/refund-client.js');
  return withTemporal(env, ({ client }) => use(new RefundClient(client, { taskQueue, defaults })));
}
