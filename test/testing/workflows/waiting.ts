import {
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

export const nudge = defineSignal<[string]>('nudge');
export const progress = defineQuery<string[]>('progress');
export const asking = defineUpdate<string, [string]>('asking');

/** Waits several times, each in milliseconds. A nudge ends a wait. Returns what happened, with the minutes since the start. */
export async function waiting(waitsMs: number[]): Promise<string[]> {
  const startedAt = Date.now();
  const log: string[] = [];
  const nudges: string[] = [];
  setHandler(progress, () => log);
  setHandler(nudge, (word) => void nudges.push(word));
  setHandler(asking, async (question) => `${question} yes`);
  for (const [index, waitMs] of waitsMs.entries()) {
    const nudged = await condition(() => nudges.length > 0, waitMs);
    const minutes = Math.round((Date.now() - startedAt) / 60_000);
    const event = nudged ? `nudged by ${nudges.shift()} in wait ${index + 1}` : `wait ${index + 1} is over`;
    log.push(`${minutes} min: ${event}`);
  }
  return log;
}

/** Waits for a nudge without a limit, then for an hour. */
export async function waitingForNudge(): Promise<string> {
  let nudged = '';
  setHandler(nudge, (word) => {
    nudged = word;
  });
  await condition(() => nudged !== '');
  await sleep('1 hour');
  return nudged;
}

const { flaky } = proxyActivities<{ flaky(name: string, failures: number): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 minute' },
});

/** Runs an activity that fails the given number of times. */
export async function trying(name: string, failures: number): Promise<void> {
  await flaky(name, failures);
}

/** Its workflow tasks fail after a wait, because of a bug. */
export async function broken(): Promise<void> {
  await sleep('1 minute');
  throw new TypeError('a bug of the workflow');
}
