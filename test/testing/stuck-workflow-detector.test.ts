import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

/** Looks again and again at one pending task after the other, each for so long. */
async function look(...tasks: [task: object, seconds: number][]): Promise<void> {
  const standstill = new StuckWorkflowDetector(client);
  for (const [task, seconds] of tasks) {
    for (let passed = 0; passed <= seconds * 1000; passed += 10) {
      await standstill.throwIfStuck('refund', task as Parameters<StuckWorkflowDetector['throwIfStuck']>[1]);
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

describe('a workflow stands still', () => {
  it('whose task fails', async () => {
    events = [COMPLETED, failed('a bug')];
    await expect(look([started(1), 6])).rejects.toThrow(
      'refund stands still, because its workflow task fails: a bug',
    );
  });

  it('whose task no worker takes', async () => {
    await expect(look([scheduled(1), 21])).rejects.toThrow(
      'no worker has taken its workflow task from the task queue queue for 20 s. Is one running, in the namespace payments?',
    );
  });
});

describe('a workflow is at work', () => {
  it('whose task has failed, as long as it may be tried again', async () => {
    events = [failed('a bug')];
    await look([started(1), 4]);
  });

  it('whose task failed, and then did not', async () => {
    events = [failed('a bug'), COMPLETED];
    await look([started(1), 10]);
  });

  it('whose tasks take long, one after the other', async () => {
    await look([scheduled(1), 15], [scheduled(2), 15]);
  });

  it('whose task a worker has taken; its history is not read all the time', async () => {
    await look([started(1), 60]);
    expect(histories).toBeLessThan(60);
    expect(histories).toBeGreaterThan(50);
  });
});
