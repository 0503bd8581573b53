import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { unpinned } from '../../tools/histories/pinned.js';

/** An event as its file has it: payloads are what they say. */
interface PinnedEvent {
  eventType: string;
  [key: string]: unknown;
}

/** A history of one kind of refund, as a version of this package recorded it. */
export interface PinnedHistory {
  version: string;
  kind: string;
  events: PinnedEvent[];
  /** For the SDK's replay. */
  history: object;
}

/** The versions whose histories are pinned. */
export const VERSIONS = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Every pinned history of every version. */
export const HISTORIES: readonly PinnedHistory[] = VERSIONS.flatMap((version) =>
  readdirSync(path.join(import.meta.dirname, version)).map((file) => {
    const text = readFileSync(path.join(import.meta.dirname, version, file), 'utf8');
    return { version, kind: path.basename(file, '.json'), history: unpinned(text), ...JSON.parse(text) };
  }),
);

/** Replays histories with a workflow bundle's code, and returns the errors by kind; nothing where all is well. */
export async function replayed(
  histories: readonly PinnedHistory[],
  code: string,
): Promise<Record<string, Error>> {
  const errors: Record<string, Error> = {};
  const named = histories.map(({ kind, history }) => ({ workflowId: `refund:${kind}`, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code } }, named)) {
    if (error) errors[workflowId.slice('refund:'.length)] = error;
  }
  return errors;
}
