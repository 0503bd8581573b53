import { describe, expect, it } from 'vitest';
import { DAY, growingWait, HOUR, SECOND, spread } from '../../src/refund/schedule.js';

const all = (waits: Parameters<typeof growingWait>[1]) => {
  const found: number[] = [];
  for (let retries = 1; ; retries += 1) {
    const wait = growingWait(retries, waits);
    if (wait === undefined) return found;
    found.push(wait);
  }
};

describe('waits that grow', () => {
  it('are none before the first attempt', () => {
    expect(growingWait(0, { first: SECOND, longest: HOUR, patience: DAY })).toBe(0);
  });

  it('double until the patience is over', () => {
    expect(all({ first: 1, longest: 100, patience: 15 })).toEqual([1, 2, 4, 8]);
    expect(all({ first: 1, longest: 100, patience: 16 })).toEqual([1, 2, 4, 8, 16]);
  });

  it('grow no longer than the longest', () => {
    expect(all({ first: 1, longest: 3, patience: 10 })).toEqual([1, 2, 3, 3, 3]);
  });
});

describe('a wait that is spread', () => {
  it.each([
    [0, 80],
    [0.5, 100],
    [1, 120],
  ])('by %d', (random, expected) => {
    expect(spread(100, random)).toBe(expected);
  });

  it('is a whole number of milliseconds', () => {
    expect(spread(101, 0.3)).toBe(93);
  });
});
