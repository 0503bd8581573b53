import type { EndedRun } from './ended-runs.js';

/** A place in the order of audit records: they are sorted by time, then by workflow id. */
export interface AuditPlace {
  /** Milliseconds since 1970. */
  at: number;
  workflowId: string;
}

/** Where the record of a run comes. */
export function placeOf({ closeTime, workflowId }: EndedRun['run']): AuditPlace {
  return { at: closeTime.getTime(), workflowId };
}

/** The place as a text, such as `2026-11-22T08:00:00.000Z/refund:refund-1`. */
export function cursorOf({ at, workflowId }: AuditPlace): string {
  return `${new Date(at).toISOString()}/${workflowId}`;
}

/** The place that a text names; undefined where it is no cursor. */
export function parseCursor(text: string): AuditPlace | undefined {
  const [, time = '', workflowId = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\/(.*)$/s.exec(text) ?? [];
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : { at, workflowId };
}

/** Whether the first place comes before the second one. */
export function isBefore(a: AuditPlace, b: AuditPlace): boolean {
  return a.at < b.at || (a.at === b.at && a.workflowId < b.workflowId);
}
