import type { Client } from '@temporalio/client';
import { decodedPayloads } from '../internal/decode-payloads.js';
import type { CarriedState } from '../rules/carried-state.js';
import { type EarlierRuns, lastOfBoth, nothingEarlier } from '../rules/earlier-runs.js';
import { generationOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';

/**
 * Reads what the other runs of a workflow did from their histories: those before a reset, a resume or a continue-as-new. A run
 * after a reset does not have in its history what came after the point of the reset.
 * @param runId the run that asks
 */
export async function earlierRuns(client: Client, workflowId: string, runId: string): Promise<EarlierRuns> {
  let known = nothingEarlier();
  for await (const other of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    if (other.runId !== runId) known = lastOfBoth(known, await earlierRun(client, workflowId, other.runId));
  return known;
}

async function earlierRun(client: Client, workflowId: string, runId: string): Promise<EarlierRuns> {
  const converter = client.options.loadedDataConverter;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const [request, options, carried] = (await decodedPayloads(converter, started?.input?.payloads)) as [
    RefundRequest,
    RefundOptions | null,
    CarriedState | null,
  ];
  const { alreadySent } = options ?? {};
  const adopted = typeof alreadySent === 'object' ? alreadySent : undefined;
  const run: EarlierRuns = {
    generation: carried?.state.generation ?? adopted?.generation ?? 1,
    idInUse: carried?.state.idInUse === true,
    orderRefunded: carried?.state.orderRefunded === true,
  };
  // A notification that was not verified before the run was over may be true.
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
      const [body] = (await decodedPayloads(converter, activity.input?.payloads)) as [
        { requestId?: string; refundRequestId?: string },
      ];
      const sent = body.requestId ?? body.refundRequestId;
      const generation = generationOf(request.refundRequestId, sent, run.generation);
      if (generation !== run.generation) Object.assign(run, { generation, idInUse: false });
    }
    if (completed) {
      const type = types.get(String(completed.scheduledEventId)) ?? '';
      if (!SENDINGS.includes(type) && type !== 'verifyNotification') continue;
      const [result] = (await decodedPayloads(converter, completed.result?.payloads)) as [
        { kind?: string; verified?: boolean; notification?: { isRefund?: string } },
      ];
      if (result.kind === 'idInUse') run.idInUse = true;
      if (type !== 'verifyNotification') continue;
      unverified -= 1;
      if (result.verified && result.notification?.isRefund === 'Y') run.orderRefunded = true;
    }
  }
  if (unverified > 0) run.orderRefunded = true;
  return run;
}

const SENDINGS = ['applyRefund', 'refund'];
