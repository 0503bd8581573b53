import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StuckWorkflowDetector } from '../../testing/stuck-workflow-detector.js';

const COMPLETED = { workflowTaskCompletedEventAttributes: {} };
const failed = (message: string) => ({ workflowTaskFailedEventAttributes: { failure: { message } } });
const scheduled = (seconds: number) => ({ state: 1, originalScheduledTime: { seconds, nanos: 0 } });
const started = (seconds: number) => ({ ...scheduled(seconds), state: 2 });

let events: object[];
let histories: number;
const client = {
  options: { namespace: 'payments' },
  workflow: {
    getHandle: () => ({
      fetchHistory: async () => {
        histories += 1;
        return { events };
      },
      describe: async () => ({ taskQueue: 'queue' }),
    }),
  },
} as unknown as Client;

/** Checks pending tasks repeatedly, each for the given number of seconds. */
async function check(...tasks: [task: object, seconds: number][]): Promise<void> {
  const detector = new StuckWorkflowDetector(client);
  for (const [task, seconds] of tasks) {
    for (let passed = 0; passed <= seconds * 1000; passed += 10) {
      await detector.throwIfStuck('refund', task as Parameters<StuckWorkflowDetector['throwIfStuck']>[1]);
      vi.advanceTimersByTime(10);
    }
  }
}

beforeEach(() => {
  events = [];
  histories = 0;
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a workflow is stuck', () => {
  test('when its task fails', async () => {
    events = [COMPLETED, failed('a bug')];
    await expect(check([started(1), 6])).rejects.toThrow(
      'refund is stuck, because its workflow task fails: a bug',
    );
  });

  test('when no worker takes its task', async () => {
    await expect(check([scheduled(1), 21])).rejects.toThrow(
      'no worker has taken its workflow task from the task queue queue for 20 s. Is a worker running, in the namespace payments?',
    );
  });
});

describe('a workflow is not stuck', () => {
  test('while a failed task may still succeed', async () => {
    events = [failed('a bug')];
    await check([started(1), 4]);
  });

  test('when a task succeeds after a failure', async () => {
    events = [failed('a bug'), COMPLETED];
    await check([started(1), 10]);
  });

  test('while several tasks take long, one after the other', async () => {
    await check([scheduled(1), 15], [scheduled(2), 15]);
  });

  test('while a worker has taken its task, and its history is read once a second at most', async () => {
    await check([started(1), 60]);
    expect(histories).toBeLessThan(60);
    expect(histories).toBeGreaterThan(50);
  });
});
