import type { Client } from '@temporalio/client';
import type { CarriedState } from '../rules/carried-state.js';
import { providerRequestIdOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';
import { decodedPayloads } from './decode-payloads.js';

/** What a stopped workflow was started with, and what it did, as far as its history says. */
export interface EarlierRun {
  request: RefundRequest;
  options: RefundOptions;
  startedAt: string;
  /** Of the request ids towards WorldFirst: 1 for the caller's own. */
  generation: number;
  /** Set where WorldFirst answered that the id in use has another request. */
  idInUse?: true;
  /** Set where WorldFirst notified, or may have notified, that the order was closed with a refund. */
  orderRefunded?: true;
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
  const known = carried?.state ?? (typeof alreadySent === 'object' ? alreadySent : undefined);
  let generation = known?.generation ?? 1;
  let idInUse = known?.idInUse === true;
  let orderRefunded = known?.orderRefunded === true;
  // A notification that was not verified before the workflow was stopped may be true.
  let unverified = 0;
  const types = new Map<string, string>();
  for (const event of events ?? []) {
    const {
      activityTaskScheduledEventAttributes: activity,
      activityTaskCompletedEventAttributes: completed,
      workflowExecutionSignaledEventAttributes: signal,
    } = event;
    if (signal?.signalName === 'notification') unverified += 1;
    if (activity) {
      const type = activity.activityType?.name ?? '';
      types.set(String(event.eventId), type);
      if (!SENDINGS.includes(type)) continue;
      const [body] = (await decodedPayloads(client, activity.input?.payloads)) as [
        { requestId?: string; refundRequestId?: string },
      ];
      const next = generationOf(request.refundRequestId, body.requestId ?? body.refundRequestId, generation);
      if (next !== generation) idInUse = false;
      generation = next;
    }
    if (completed) {
      const type = types.get(String(completed.scheduledEventId)) ?? '';
      const [result] = (await decodedPayloads(client, completed.result?.payloads)) as [
        { kind?: string; verified?: boolean; notification?: { isRefund?: string } },
      ];
      if (SENDINGS.includes(type) && result.kind === 'idInUse') idInUse = true;
      if (type !== 'verifyNotification') continue;
      unverified -= 1;
      if (result.verified && result.notification?.isRefund === 'Y') orderRefunded = true;
    }
  }
  return {
    request,
    options: schedule,
    startedAt: known?.startedAt ?? isoTime(started?.eventTime),
    generation,
    ...(idInUse && { idInUse }),
    ...((orderRefunded || unverified > 0) && { orderRefunded: true }),
  };
}

const SENDINGS = ['applyRefund', 'refund'];

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
