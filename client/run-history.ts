import type { Client } from '@temporalio/client';
import { decodedPayloads } from '../internal/decode-payloads.js';
import { refundRequestIdOf } from '../rules/ids.js';
import { type Decision, readDecision } from '../rules/messages.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { isoTime } from './earlier-workflow.js';
import { translated } from './translate.js';

/** A decision that an operator sent to a refund. */
interface SentDecision extends Decision {
  /** When it arrived. */
  at: string;
  /** The refund refuses an update that does not apply, and Temporal then keeps nothing of it. */
  via: 'update' | 'signal';
}

/** How a workflow ended without an outcome of the refund. */
export interface WorkflowStop {
  how: 'terminated' | 'failed' | 'timed-out' | 'cancelled';
  /** Who terminated it, as Temporal knows it. */
  by?: string;
  reason?: string;
}

/** What the history of one run says of the refund. No worker is needed to read it. */
export interface RunHistory {
  request: RefundRequest;
  /** Where the run completed. */
  outcome?: RefundOutcome;
  stopped?: WorkflowStop;
  decisions: SentDecision[];
  /** Whether a worker has ever run it: without that it has no view. */
  hasRun: boolean;
}

type Events = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>;
type Event = Events[number];

/** Reads the history of one run of a refund. */
export async function runHistory(client: Client, workflowId: string, runId: string): Promise<RunHistory> {
  return translated(refundRequestIdOf(workflowId) ?? workflowId, async () => {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const [first, last] = [events?.[0], events?.at(-1)];
    const started = first?.workflowExecutionStartedEventAttributes?.input?.payloads;
    const result = last?.workflowExecutionCompletedEventAttributes?.result?.payloads;
    const converter = client.options.loadedDataConverter;
    const [request] = await decodedPayloads(converter, started);
    const [outcome] = await decodedPayloads(converter, result);
    const stopped = stopOf(last);
    const decisions: SentDecision[] = [];
    for (const event of events ?? []) {
      const decision = await decisionIn(client, event, events ?? []);
      if (decision) decisions.push(decision);
    }
    return {
      request: request as RefundRequest,
      ...(outcome !== undefined && { outcome: outcome as RefundOutcome }),
      ...(stopped && { stopped }),
      decisions,
      hasRun: events?.some((event) => event.workflowTaskCompletedEventAttributes) ?? false,
    };
  });
}

function stopOf(last: Event | undefined): WorkflowStop | undefined {
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  const failed = last?.workflowExecutionFailedEventAttributes;
  if (terminated)
    return { how: 'terminated', ...textsOf({ by: terminated.identity, reason: terminated.reason }) };
  if (failed) return { how: 'failed', ...textsOf({ reason: failed.failure?.message }) };
  if (last?.workflowExecutionTimedOutEventAttributes) return { how: 'timed-out' };
  if (last?.workflowExecutionCanceledEventAttributes) return { how: 'cancelled' };
  return undefined;
}

function textsOf<Name extends string>(texts: Record<Name, string | null | undefined>) {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text)) as { [Key in Name]?: string };
}

async function decisionIn(client: Client, event: Event, events: Events): Promise<SentDecision | undefined> {
  const update = updateOf(event, events);
  const signal = event.workflowExecutionSignaledEventAttributes;
  const isUpdate = update?.name === 'decide';
  if (!isUpdate && signal?.signalName !== 'decide') return undefined;
  const payloads = isUpdate ? update.args?.payloads : signal?.input?.payloads;
  const read = readDecision(await messageOf(client, payloads?.slice(0, 1)));
  // The refund dropped it, too: the timeline says so.
  if (!read.ok) return undefined;
  return { at: isoTime(event.eventTime), via: isUpdate ? 'update' : 'signal', ...read.message };
}

/** The update that the refund accepted; one that Temporal repeats after a reset has its content in an event of its own. */
function updateOf({ workflowExecutionUpdateAcceptedEventAttributes: accepted }: Event, events: Events) {
  if (!accepted) return undefined;
  const admitted = events[Number(accepted.acceptedRequestSequencingEventId) - 1];
  const request =
    accepted.acceptedRequest ?? admitted?.workflowExecutionUpdateAdmittedEventAttributes?.request;
  return request?.input;
}

async function messageOf(client: Client, payloads: Parameters<typeof decodedPayloads>[1]): Promise<unknown> {
  try {
    const [value] = await decodedPayloads(client.options.loadedDataConverter, payloads as never);
    return value;
  } catch (error) {
    // It is no JSON. Any other error can be a missing key, which must not look like a missing decision.
    if (error instanceof SyntaxError || (error as Error).cause instanceof SyntaxError) return undefined;
    throw error;
  }
}
