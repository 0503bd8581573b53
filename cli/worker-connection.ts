import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../client/temporal-config.js';
import { unreachable } from '../client/temporal-connection.js';

const CONNECT_LIMIT_MS = 10_000;

/**
 * A worker's connection to Temporal.
 * @throws TemporalUnreachableError within ten seconds when there is none
 */
export async function connectWorker(config: TemporalConfig): Promise<NativeConnection> {
  const { address, tls, apiKey, metadata } = config;
  const connecting = NativeConnection.connect({
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), CONNECT_LIMIT_MS);
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    throw unreachable(config, error);
  } finally {
    clearTimeout(timer);
  }
}
