import type { Client } from '@temporalio/client';
import { decodedPayloads } from '../internal/decode-payloads.js';
import type { CarriedState } from '../rules/carried-state.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';

/** What a stopped workflow was started with. What it did is read by the workflow that resumes it. */
export interface EarlierRun {
  request: RefundRequest;
  options: RefundOptions;
  startedAt: string;
  /** Of the request ids towards WorldFirst, as far as the start says: 1 for the caller's own. */
  generation: number;
}

/** Reads it from the history of the run that was stopped. */
export async function earlierRun(client: Client, workflowId: string, runId: string): Promise<EarlierRun> {
  const { request, options, carried, at } = await inputOf(client, workflowId, runId);
  const { alreadySent, ...schedule } = options ?? {};
  const known = carried?.state ?? (typeof alreadySent === 'object' ? alreadySent : undefined);
  return {
    request,
    options: schedule,
    startedAt: known?.startedAt ?? at,
    generation: known?.generation ?? 1,
  };
}

/** What a run of a refund's workflow was started with, and when. */
export interface RunInput {
  request: RefundRequest;
  options: RefundOptions | null;
  carried: CarriedState | null;
  at: string;
}

/** Reads it from the first event of the run. */
export async function inputOf(client: Client, workflowId: string, runId: string): Promise<RunInput> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0];
  const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [request, options = null, carried = null] = (await decodedPayloads(
    client.options.loadedDataConverter,
    input,
  )) as [RefundRequest, (RefundOptions | null)?, (CarriedState | null)?];
  return { request, options, carried, at: isoTime(started?.eventTime) };
}

/** A time of Temporal's as ISO 8601 in UTC. */
export function isoTime(time?: { seconds?: unknown; nanos?: number | null } | null): string {
  const milliseconds = Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(milliseconds).toISOString();
}
