import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;
type Json = { [key: string]: unknown };

// Fields that differ at each recording or name the machine; a replay does not need them.
const OMITTED = new Set([
  'taskId',
  'identity',
  'requestId',
  'workerVersion',
  'workerInstanceKey',
  'historySizeBytes',
  'stackTrace',
  'encodedAttributes',
]);

const SANDBOX = /127\.0\.0\.1:\d+/g;
// It differs at each recording, and no replay verifies it.
const SIGNATURE = /algorithm=RSA256, keyVersion=\d+, signature=[\w%]+/g;

/** A history for the repository: Temporal's JSON, one event a line, payloads decoded, without fields that name the machine. */
export function pinned(history: History): string {
  const { events } = JSON.parse(historyToJSON(history)) as { events: unknown[] };
  const lines = events.map((event) =>
    JSON.stringify(inClear(event))
      .replaceAll(SANDBOX, 'worldfirst.example')
      .replaceAll(SIGNATURE, 'a signature'),
  );
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

/** The history that {@link pinned} has written, for the SDK's replay. */
export function unpinned(text: string): object {
  return JSON.parse(text, (_, value) => (isObject(value) && '$json' in value ? payloadOf(value) : value));
}

function inClear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inClear);
  if (!isObject(value)) return value;
  const { metadata, data } = value;
  if (isObject(metadata) && typeof data === 'string' && decoded(metadata.encoding) === 'json/plain') {
    const { type } = metadata;
    return { $json: JSON.parse(decoded(data)), ...(type !== undefined && { type: decoded(type) }) };
  }
  // The name of a sticky queue contains the machine's.
  if (value.kind === 'TASK_QUEUE_KIND_STICKY') return { ...value, name: 'sticky' };
  const kept = Object.entries(value).filter(([key]) => !OMITTED.has(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, inClear(entry)]));
}

function payloadOf({ $json, type }: Json): Json {
  const metadata = {
    encoding: encoded('json/plain'),
    ...(typeof type === 'string' && { type: encoded(type) }),
  };
  return { metadata, data: encoded(JSON.stringify($json)) };
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const encoded = (text: string) => Buffer.from(text).toString('base64');
const decoded = (base64: unknown) => Buffer.from(String(base64), 'base64').toString();
