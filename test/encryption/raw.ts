import type { Client } from '@temporalio/client';

/** A text as Temporal keeps it, and where it stands: `WorkflowExecutionSignaled.signalName`. */
export interface Kept {
  place: string;
  text: string;
}

/** All that the server keeps of a workflow's history, as it stands there. Encrypted payloads are left out. */
export async function historyAsKept(client: Client, workflowId: string): Promise<Kept[]> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  return (history?.events ?? []).flatMap((event) => {
    const { eventType, eventTime: _, ...rest } = jsonOf(event) as { eventType: string; eventTime: string };
    const type = eventType.replace('EVENT_TYPE_', '');
    return textsOf(rest, '').map(({ place, text }) => ({
      // The attributes of an event stand under its own name.
      place: `${type} ${place.replace(/^\w+EventAttributes\./, '')}`,
      text,
    }));
  });
}

/** All that the list of the namespace shows, as the server keeps it. */
export async function listAsKept(client: Client): Promise<Kept[]> {
  const { namespace } = client.options;
  const { executions } = await client.workflowService.listWorkflowExecutions({ namespace });
  return executions.flatMap((execution) => textsOf(jsonOf(execution), ''));
}

function textsOf(value: unknown, place: string): Kept[] {
  if (Array.isArray(value)) return value.flatMap((entry) => textsOf(entry, place));
  if (typeof value !== 'object' || value === null) return [{ place, text: String(value) }];
  const { metadata, data = '' } = value as { metadata?: { encoding?: string }; data?: string };
  if (metadata?.encoding === undefined) {
    return Object.entries(value).flatMap(([key, entry]) =>
      textsOf(entry, place === '' ? key : `${place}.${key}`),
    );
  }
  const decoded = (base64: string) => Buffer.from(base64, 'base64').toString();
  return decoded(metadata.encoding) === 'binary/encrypted' ? [] : [{ place, text: decoded(data) }];
}

/** A message of Protobuf as its own JSON, in which enums have names and bytes are base64. */
function jsonOf(message: object): unknown {
  return (message as { toJSON(): unknown }).toJSON();
}
