/** Several measurements of one thing: the median, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** The value that a share of the values does not exceed, between two of them where it has to be; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle and the end of a distribution, for latencies. */
export interface Quantiles {
  p50: number;
  p99: number;
}

/** Middle and end of some values; NaN of none. */
export function quantilesOf(values: readonly number[]): Quantiles {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

/** How many moments, in milliseconds, lie within the busiest second. */
export function mostInASecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, moment] of sorted.entries()) {
    while ((sorted[first] as number) <= moment - 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** The sum of some values. */
export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** The median of some values; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median, least and greatest of the measured values; undefined when nothing was measured. */
export function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

/**
 * How measurements relate to those of another variant, round by round: a disturbance of a round disturbs both, so the
 * ratios of rounds vary less than the rounds themselves.
 */
export function ratioOf(
  values: readonly (number | undefined)[],
  to: readonly (number | undefined)[],
): Spread | undefined {
  return spreadOf(
    values.map((value, round) => {
      const other = to[round];
      return value === undefined || !other ? undefined : value / other;
    }),
  );
}

/** The items in another order in each round, so that none is always the first one. */
export function rotated<Item>(items: readonly Item[], round: number): Item[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
