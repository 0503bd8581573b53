/** A JSON value as one text, the same whatever the order of its keys. A field that is undefined counts as absent. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(
      // Stryker disable next-line EqualityOperator: no two keys of an object are equal.
      ([a], [b]) => (a < b ? -1 : 1),
    )
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
  return `{${entries.join(',')}}`;
}
