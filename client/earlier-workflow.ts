import type { Client } from '@temporalio/client';
import type { CarriedState } from '../rules/carried-state.js';
import { providerRequestIdOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';
import { decodedPayloads } from './decode-payloads.js';

/** What a stopped workflow was started with, and what it sent, as far as its history says. */
export interface EarlierRun {
  request: RefundRequest;
  options: RefundOptions;
  startedAt: string;
  /** Of the request ids towards WorldFirst: 1 for the caller's own. */
  generation: number;
}

/** Reads it from the history of the run that was stopped. */
export async function earlierRun(client: Client, workflowId: string, runId: string): Promise<EarlierRun> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const started = events?.[0];
  const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [request, options, carried] = (await decodedPayloads(client, input)) as [
    RefundRequest,
    RefundOptions | null,
    CarriedState | null,
  ];
  const { alreadySent, ...schedule } = options ?? {};
  const earlier = typeof alreadySent === 'object' ? alreadySent : undefined;
  let generation = carried?.state.generation ?? earlier?.generation ?? 1;
  for (const { activityTaskScheduledEventAttributes: activity } of events ?? []) {
    if (!['applyRefund', 'refund'].includes(activity?.activityType?.name ?? '')) continue;
    const [body] = (await decodedPayloads(client, activity?.input?.payloads)) as [
      { requestId?: string; refundRequestId?: string },
    ];
    generation = generationOf(request.refundRequestId, body.requestId ?? body.refundRequestId, generation);
  }
  const startedAt = carried?.state.startedAt ?? earlier?.startedAt ?? isoTime(started?.eventTime);
  return { request, options: schedule, startedAt, generation };
}

function isoTime(time?: { seconds?: unknown; nanos?: number | null } | null): string {
  const milliseconds = Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(milliseconds).toISOString();
}

/** The generation of a request id that was sent; at least the one that is known. */
function generationOf(refundRequestId: string, sent: string | undefined, known: number): number {
  for (let generation = known; generation < known + MOST_GENERATIONS; generation += 1)
    if (providerRequestIdOf(refundRequestId, generation) === sent) return generation;
  return known;
}

const MOST_GENERATIONS = 100;
