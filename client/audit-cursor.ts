/** A place in the order of audit records: they are sorted by time, then by workflow id. No two records have the same. */
export interface AuditPlace {
  /** Milliseconds since 1970. */
  at: number;
  workflowId: string;
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

/** Negative where the first place comes before the second one, 0 for the same place. */
export function comparePlaces(a: AuditPlace, b: AuditPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.workflowId === b.workflowId) return 0;
  return a.workflowId < b.workflowId ? -1 : 1;
}
