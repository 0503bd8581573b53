/** The workflow's own time, ISO 8601 in UTC: `Date` is deterministic in workflow code. */
export function now(): string {
  return new Date().toISOString();
}
