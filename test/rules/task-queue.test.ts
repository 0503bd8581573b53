import { expect, it } from 'vitest';
import { DEFAULT_TASK_QUEUE } from '../../rules/task-queue.js';

it('workers and clients of every version use the same task queue', () => {
  expect(DEFAULT_TASK_QUEUE).toBe('worldfirst-refunds');
});
