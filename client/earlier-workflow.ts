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
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const started = events?.[0];
  const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [request, options, carried] = (await decodedPayloads(client.options.loadedDataConverter, input)) as [
    RefundRequest,
    RefundOptions | null,
    CarriedState | null,
  ];
  const { alreadySent, ...schedule } = options ?? {};
  const known = carried?.state ?? (typeof alreadySent === 'object' ? alreadySent : undefined);
  return {
    request,
    options: schedule,
    startedAt: known?.startedAt ?? isoTime(started?.eventTime),
    generation: known?.generation ?? 1,
  };
}

function isoTime(time?: { seconds?: unknown; nanos?: number | null } | null): string {
  const milliseconds = Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(milliseconds).toISOString();
}
