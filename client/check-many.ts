import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { checkRequest } from '../rules/check-request.js';
import { workflowIdOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import { referenceOf } from '../rules/state.js';
import { anotherRefundOf } from './another-refund.js';
import { InvalidRefundRequestError, RefundConflictError } from './errors.js';
import { fingerprint } from './fingerprint.js';
import {
  allExecutionsOf,
  latestOf,
  quoted,
  type RefundSummary,
  refundsOf,
  summaryOf,
} from './list-refunds.js';
import { pacer, withRetries } from './pace.js';
import type { ReferenceHash } from './reference-hash.js';
import type { StartManyResult } from './start-many.js';
import { knownFingerprint } from './start-request.js';
import { errorOfStopped, isStopped } from './stopped.js';

/** What {@link RefundClient.checkMany} checks. */
export interface CheckManyOptions {
  /** Does not look for other refunds of the same WorldTrade order. */
  allowAnother?: boolean;
  /** When it is aborted nothing more is checked or yielded. */
  signal?: AbortSignal | undefined;
}

/** One request of many, with what its start would meet. */
export interface CheckManyItem {
  /** The place of the request among all that were given, from 0. */
  index: number;
  request: RefundRequest;
  /** `new`: nothing in Temporal's list is in its way. */
  result: 'new' | Exclude<StartManyResult, 'started' | 'no-answer'>;
  /** The refund that is there under its id. */
  refund?: RefundSummary;
  /** The other refunds of its order or payment, newest first. */
  others: RefundSummary[];
  error?: Error;
}

// A query is a text of bounded length.
const REQUESTS_PER_QUERY = 100;
// Temporal limits the list queries of a namespace: 10 a second by default, of all its clients.
const QUERIES_PER_SECOND = 4;

/**
 * Compares requests with Temporal's list, in their order, and starts nothing. A query is for a hundred of them.
 */
export async function* checkMany(
  client: Client,
  requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>,
  { allowAnother = false, signal }: CheckManyOptions,
  referenceHash: ReferenceHash,
): AsyncGenerator<CheckManyItem, void, undefined> {
  const turn = pacer(QUERIES_PER_SECOND);
  let count = 0;
  for await (const chunk of chunksOf(requests)) {
    const valid = chunk.filter((request) => checkRequest(request).length === 0);
    if (valid.length > 0) await turn(signal);
    if (signal?.aborted) return;
    const found = await withRetries(() => runsOf(client, valid, referenceHash), signal);
    for (const request of chunk) {
      const index = count++;
      yield { index, request, ...(await checkedAgainst(client, request, found, allowAnother)) };
    }
  }
}

async function* chunksOf(
  requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>,
): AsyncIterable<RefundRequest[]> {
  let chunk: RefundRequest[] = [];
  for await (const request of requests) {
    chunk.push(request);
    if (chunk.length < REQUESTS_PER_QUERY) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The latest runs of all refunds with these ids or of these orders and payments. */
async function runsOf(
  client: Client,
  requests: readonly RefundRequest[],
  referenceHash: ReferenceHash,
): Promise<WorkflowExecutionInfo[]> {
  if (requests.length === 0) return [];
  const ids = requests.map(({ refundRequestId }) => workflowIdOf(refundRequestId));
  const references = requests.flatMap((request) => referenceHash(referenceOf(request)));
  const query = `WorkflowType = 'refund' AND (WorkflowId IN (${listed(ids)}) OR RefundReference IN (${listed(references)}))`;
  return latestOf(await allExecutionsOf(client, query));
}

function listed(values: readonly string[]): string {
  return [...new Set(values)].map(quoted).join(', ');
}

async function checkedAgainst(
  client: Client,
  request: RefundRequest,
  found: readonly WorkflowExecutionInfo[],
  allowAnother: boolean,
): Promise<Omit<CheckManyItem, 'index' | 'request'>> {
  const issues = checkRequest(request);
  if (issues.length > 0)
    return { result: 'invalid', others: [], error: new InvalidRefundRequestError(issues) };
  const { refundRequestId } = request;
  const workflowId = workflowIdOf(refundRequestId);
  const others = refundsOf(
    referenceOf(request),
    found.filter((execution) => execution.workflowId !== workflowId),
  );
  const own = found.find((execution) => execution.workflowId === workflowId);
  if (own) {
    const refund = summaryOf(own);
    if ((await knownFingerprint(client, own)) !== fingerprint(request))
      return { result: 'conflict', others, refund, error: new RefundConflictError(refundRequestId) };
    if (isStopped(own))
      return { result: 'stopped', others, refund, error: await errorOfStopped(client, own) };
    return { result: 'already-there', others, refund };
  }
  const error = allowAnother ? undefined : anotherRefundOf(request, others);
  return error ? { result: 'another-refund', others, error } : { result: 'new', others };
}
