import { describe, expect, test } from 'vitest';
import { QueryBudget } from '../../client/query-budget.js';

/** The times at which queries are made within a second, if there is always one to make. */
function timesOfQueries(budget: QueryBudget, from: number): number[] {
  const times: number[] = [];
  let now = from;
  for (;;) {
    now += budget.pause(now);
    if (now >= from + 1000) return times;
    times.push(now - from);
    budget.spend();
  }
}

describe('the budget of list queries', () => {
  test('lets two queries come at once, then eight a second', () => {
    expect(timesOfQueries(new QueryBudget(0), 0)).toEqual([0, 0, 125, 250, 375, 500, 625, 750, 875]);
  });

  test('never lets more than the ten a second come that Temporal allows a namespace, also after a long pause', () => {
    const budget = new QueryBudget(0);
    timesOfQueries(budget, 0);
    expect(timesOfQueries(budget, 3_600_000).length).toBeLessThanOrEqual(10);
  });

  test.each([
    ['refused', (budget: QueryBudget) => budget.refused()],
    ['answered after 0.75 s', (budget: QueryBudget) => budget.answered(750)],
  ])('is half after a query that was %s', (_, limited) => {
    const budget = new QueryBudget(0);
    timesOfQueries(budget, 0);
    limited(budget);
    expect(timesOfQueries(budget, 1000)).toHaveLength(4);
  });

  test('lets two queries a second come at least', () => {
    const budget = new QueryBudget(0);
    timesOfQueries(budget, 0);
    for (let count = 0; count < 20; count += 1) budget.refused();
    expect(timesOfQueries(budget, 1000)).toHaveLength(2);
  });

  test('grows again with queries that are answered soon, up to eight a second', () => {
    const budget = new QueryBudget(0);
    timesOfQueries(budget, 0);
    budget.refused();
    for (let count = 0; count < 20; count += 1) budget.answered(749);
    timesOfQueries(budget, 1000);
    expect(timesOfQueries(budget, 2000)).toHaveLength(6);
    for (let count = 0; count < 100; count += 1) budget.answered(10);
    timesOfQueries(budget, 3000);
    expect(timesOfQueries(budget, 4000)).toHaveLength(8);
  });
});
