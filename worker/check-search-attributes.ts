import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionLike, isGrpcServiceError } from '@temporalio/client';
import { ConfigurationError } from '../rules/configuration-error.js';
import { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';
import { MissingSearchAttributesError, SearchAttributesRefusedError } from './worker-errors.js';

type Name = keyof typeof SEARCH_ATTRIBUTES;

/** A connection of a client, or of a worker. */
export type OperatorConnection = Required<Pick<ConnectionLike, 'operatorService'>>;

/** A connection that also takes queries. */
type QueryConnection = OperatorConnection & Pick<ConnectionLike, 'workflowService'>;

/** What {@link registerSearchAttributes} did. */
export interface Registration {
  /** Those that are new. */
  added: string[];
  /** Those that were there before. */
  present: string[];
}

/** Temporal's `IndexedValueType`: its package of enums is no dependency of applications. */
const TYPES = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 };
const NAMES = Object.keys(SEARCH_ATTRIBUTES) as Name[];
const IN_EFFECT_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 200;
// `system.namespaceCacheRefreshInterval`: so often each process of a cluster reads what has changed in its namespaces.
const KNOWN_EVERYWHERE_AFTER_MS = 2_000;

/**
 * The search attributes of a refund that the namespace does not have.
 * @param namespace the namespace of the refunds
 * @throws {@link ConfigurationError} when it has one of that name and another type
 */
export async function missingSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const known = customAttributes ?? {};
  const issues = NAMES.flatMap((name) => {
    const type = known[name];
    if (type === undefined || type === TYPES[SEARCH_ATTRIBUTES[name]]) return [];
    const message = `is a search attribute of the type ${typeName(type)} in the namespace "${namespace}", and must be ${SEARCH_ATTRIBUTES[name]}. Remove it there, or use another namespace.`;
    return [{ path: name, message }];
  });
  if (issues.length > 0) throw new ConfigurationError(issues);
  return NAMES.filter((name) => known[name] === undefined);
}

/**
 * Makes sure that the namespace has the search attributes: without them no refund could start.
 * @throws {@link MissingSearchAttributesError} that names the missing ones; {@link ConfigurationError} for another type
 */
export async function requireSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace).catch((error: unknown) => {
    // Temporal Cloud does not show workers the search attributes. There they are taken to be present.
    if (isGrpcServiceError(error) && NOT_ALLOWED.includes(error.code)) return [];
    throw error;
  });
  if (missing.length > 0) throw new MissingSearchAttributesError(namespace, missing);
}

// gRPC's PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED.
const NOT_ALLOWED: number[] = [7, 12, 16];

/**
 * Registers the search attributes of a refund in the namespace, and waits until they are in effect in every process of the
 * server. A second run changes nothing.
 *
 * @example
 * ```ts
 * const connection = await Connection.connect();
 * const { added } = await registerSearchAttributes(connection, 'default');
 * ```
 *
 * @param connection a connection of a client, or of a worker
 * @param namespace the namespace of the refunds
 * @throws {@link ConfigurationError} when there is one of another type; {@link SearchAttributesRefusedError} when Temporal does not allow it
 */
export async function registerSearchAttributes(
  connection: QueryConnection,
  namespace: string,
): Promise<Registration> {
  const added = await missingSearchAttributes(connection, namespace);
  if (added.length > 0) await add(connection, namespace, added as Name[]);
  return { added, present: NAMES.filter((name) => !added.includes(name)) };
}

async function add(connection: QueryConnection, namespace: string, names: Name[]): Promise<void> {
  const searchAttributes = Object.fromEntries(names.map((name) => [name, TYPES[SEARCH_ATTRIBUTES[name]]]));
  const refusal = await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).then(
    () => undefined,
    (error: unknown) => error,
  );
  // Temporal refuses what another run has added meanwhile: then all is well.
  const deadline = Date.now() + (refusal === undefined ? IN_EFFECT_WITHIN_MS : 0);
  for (;;) {
    const missing = await missingSearchAttributes(connection, namespace);
    if (missing.length === 0) break;
    if (Date.now() >= deadline)
      throw new SearchAttributesRefusedError(
        namespace,
        missing,
        refusal ?? new Error('they did not come into effect'),
      );
    await sleep(LOOK_AGAIN_MS);
  }
  await untilQueriesKnow(connection, namespace, names);
  // The frontend that answered knows them; others, and the services behind them, read the change at their own time.
  await sleep(KNOWN_EVERYWHERE_AFTER_MS);
}

/** Waits until the server takes a query that names the search attributes; not longer than they may take. */
async function untilQueriesKnow(
  { workflowService }: QueryConnection,
  namespace: string,
  names: Name[],
): Promise<void> {
  const query = names.map((name) => `${name} IS NULL`).join(' AND ');
  const deadline = Date.now() + IN_EFFECT_WITHIN_MS;
  while (Date.now() < deadline) {
    const isKnown = await workflowService.countWorkflowExecutions({ namespace, query }).then(
      () => true,
      () => false,
    );
    if (isKnown) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

function typeName(type: number): string {
  return Object.entries(TYPES).find(([, number]) => number === type)?.[0] ?? String(type);
}
