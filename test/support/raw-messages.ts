import { randomUUID } from 'node:crypto';
import { ServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { RefundView } from '../../client/index.js';
import { workflowIdOf } from '../../rules/ids.js';
import type { Environment } from './environment.js';

const namespace = 'default';

/** A payload of these bytes, whatever they are said to be. */
export function payload(encoding: string | undefined, data: string | Uint8Array): Payload {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    metadata: encoding === undefined ? {} : { encoding: bytes(encoding) },
    data: typeof data === 'string' ? bytes(data) : data,
  };
}

/** A value as every client of Temporal sends it. */
export function json(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

/** Sends a signal with any payloads at all, which Temporal's own client would not do. */
export async function signalRaw(
  { client }: Environment,
  refundRequestId: string,
  signalName: string,
  payloads: Payload[],
): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: workflowIdOf(refundRequestId) },
    signalName,
    input: { payloads },
    identity: 'test',
    requestId: randomUUID(),
  });
}

/** What became of an update. */
export type Updated = { view: RefundView } | { type: string; message: string; details: unknown };

/** Sends an update with any payloads at all. */
export async function updateRaw(
  { client }: Environment,
  refundRequestId: string,
  name: string,
  payloads: Payload[],
): Promise<Updated> {
  // 3: the update has completed, or was rejected.
  const { outcome } = await client.workflowService.updateWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: workflowIdOf(refundRequestId) },
    waitPolicy: { lifecycleStage: 3 },
    request: { meta: { updateId: randomUUID(), identity: 'test' }, input: { name, args: { payloads } } },
  });
  const [result] = outcome?.success?.payloads ?? [];
  if (result) return { view: defaultPayloadConverter.fromPayload(result) };
  const failure = outcome?.failure;
  return {
    type: failure?.applicationFailureInfo?.type ?? '',
    message: failure?.message ?? '',
    details: failure?.applicationFailureInfo?.details?.payloads?.map((each) =>
      defaultPayloadConverter.fromPayload(each),
    ),
  };
}

/** Sends an update as an application does, and says what came back. */
export async function update(
  { client }: Environment,
  refundRequestId: string,
  name: string,
  message: unknown,
): Promise<Updated> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(refundRequestId));
    return { view: await handle.executeUpdate<RefundView, [unknown]>(name, { args: [message] }) };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      const { type, message: sentence, details } = error.cause;
      return { type: type ?? '', message: sentence, details };
    }
    if (error instanceof ServiceError) throw error.cause;
    throw error;
  }
}
