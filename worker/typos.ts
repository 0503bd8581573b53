const KNOWN = [
  'WORLDFIRST_BASE_URL',
  'WORLDFIRST_PATH_PREFIX',
  'WORLDFIRST_CLIENT_ID',
  'WORLDFIRST_PRIVATE_KEY',
  'WORLDFIRST_PRIVATE_KEY_FILE',
  'WORLDFIRST_PUBLIC_KEY',
  'WORLDFIRST_PUBLIC_KEY_FILE',
  'WORLDFIRST_KEY_VERSION',
  'WORLDFIRST_CALLS_PER_SECOND',
  'WORLDFIRST_TIMEOUT',
  'WORLDFIRST_MAX_CLOCK_SKEW',
  'REFUND_TASK_QUEUE',
  'REFUND_INQUIRY_INTERVALS',
  'REFUND_SETTLEMENT_INTERVALS',
  'REFUND_ATTENTION_WEBHOOK_URL',
  'REFUND_ATTENTION_WEBHOOK_SECRET',
  'REFUND_ATTENTION_REMINDER',
];

/** One line for each variable whose name is nearly one that is read. Others of the same prefix may be anybody's. */
export function typos(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).flatMap((name) => {
    if (KNOWN.includes(name)) return [];
    const meant = KNOWN.find((known) => distance(name.toUpperCase(), known) <= 2);
    return meant ? [`${name} is not read. Did you mean ${meant}?`] : [];
  });
}

/** How many letters must be added, dropped or changed to turn one text into the other (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
