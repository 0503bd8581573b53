import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

// temporal.api.enums.v1.IndexedValueType
const TYPE_NUMBERS = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 };

/** Search attributes by name, each with its type. */
export type SearchAttributes = Record<string, keyof typeof TYPE_NUMBERS>;

/** What a server must have, and how long to wait for it. */
export interface Readiness {
  address: string;
  namespace: string;
  searchAttributes: SearchAttributes;
  limitMs: number;
  /** Aborts when the server can no longer get ready. */
  signal?: AbortSignal;
}

const RETRY_EVERY_MS = 100;
const CONNECT_LIMIT_MS = 3_000;

/**
 * Waits until a server answers for the namespace, and registers missing search attributes.
 * @throws the last reason when `limitMs` have passed
 */
export async function whenReady(readiness: Readiness): Promise<void> {
  const deadline = Date.now() + readiness.limitMs;
  for (;;) {
    try {
      return await check(readiness);
    } catch (error) {
      if (readiness.signal?.aborted || Date.now() >= deadline) throw error;
      await delay(RETRY_EVERY_MS);
    }
  }
}

async function check({ address, namespace, searchAttributes }: Readiness): Promise<void> {
  const connection = await Connection.connect({
    address,
    // gRPC would send calls to loopback through the proxy of HTTP_PROXY.
    ...(isLoopback(address) && { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
    connectTimeout: CONNECT_LIMIT_MS,
  });
  try {
    // Fails until the server's frontend knows the namespace.
    await connection.workflowService.countWorkflowExecutions({ namespace });
    await registerMissing(connection, namespace, searchAttributes);
  } finally {
    await connection.close();
  }
}

async function registerMissing(
  connection: Connection,
  namespace: string,
  wanted: SearchAttributes,
): Promise<void> {
  if (Object.keys(wanted).length === 0) return;
  const { customAttributes = {} } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(wanted).filter(([name]) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, TYPE_NUMBERS[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  throw new Error(`the search attributes ${Object.keys(searchAttributes).join(', ')} are not in effect yet`);
}

function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(address);
}
