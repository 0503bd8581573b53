import { expect, it } from 'vitest';
import { DEFAULT_TASK_QUEUE } from '../../rules/task-queue.js';

it('workers and clients of every version meet at the same task queue', () => {
  expect(DEFAULT_TASK_QUEUE).toBe('worldfirst-refunds');
});
