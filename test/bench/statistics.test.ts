import { expect, test } from 'vitest';
import { median, mostInASecond, quantile, ratioOf, rotated, spreadOf } from '../../tools/bench/statistics.js';

test('the median is the middle one, or lies between the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('a quantile lies between two values where it has to', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(99);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([7], 0.99)).toBe(7);
});

test('the busiest second may begin at any moment', () => {
  expect(mostInASecond([0, 900, 1_100, 1_500, 1_899, 5_000])).toBe(4);
  // Exactly a second later is the next second.
  expect(mostInASecond([0, 1_000])).toBe(1);
  expect(mostInASecond([])).toBe(0);
});

test('a spread leaves out what was not measured', () => {
  expect(spreadOf([5, undefined, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
  expect(spreadOf([undefined])).toBeUndefined();
});

test('ratios are taken round by round', () => {
  // The machine was half as fast in the second round, for both.
  expect(ratioOf([20, 10], [10, 5])).toEqual({ median: 2, min: 2, max: 2 });
  expect(ratioOf([20, undefined, 3], [10, 5])).toEqual({ median: 2, min: 2, max: 2 });
  expect(ratioOf([], [])).toBeUndefined();
});

test('each item comes first once', () => {
  const items = ['a', 'b', 'c'];
  expect([0, 1, 2, 3].map((round) => rotated(items, round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  expect(rotated([], 5)).toEqual([]);
});
