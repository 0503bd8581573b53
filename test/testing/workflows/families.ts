import {
  condition,
  continueAsNew,
  defineSignal,
  executeChild,
  ParentClosePolicy,
  proxyLocalActivities,
  setHandler,
  sleep,
  startChild,
} from '@temporalio/workflow';

export const enough = defineSignal('enough');

/** Sleeps for a number of milliseconds. */
export async function sleeping(waitMs: number): Promise<void> {
  await sleep(waitMs);
}

/** Waits for children that sleep, and returns their number. */
export async function parent(waitsMs: number[]): Promise<number> {
  const children = waitsMs.map((waitMs) => executeChild(sleeping, { args: [waitMs] }));
  return (await Promise.all(children)).length;
}

/** Abandons a child, and returns its id. */
export async function leaving(waitMs: number): Promise<string> {
  const child = await startChild(sleeping, { args: [waitMs], parentClosePolicy: ParentClosePolicy.ABANDON });
  return child.workflowId;
}

/** Sleeps in each of several runs, and returns the total time. */
export async function inRuns(waitMs: number, runs: number, begunAt = Date.now()): Promise<number> {
  await sleep(waitMs);
  if (runs > 1) await continueAsNew<typeof inRuns>(waitMs, runs - 1, begunAt);
  return Date.now() - begunAt;
}

/** Polls every hour until a signal. */
export async function asksForEver(): Promise<number> {
  let asked = 0;
  let isEnough = false;
  setHandler(enough, () => {
    isEnough = true;
  });
  while (!(await condition(() => isEnough, '1 hour'))) asked += 1;
  return asked;
}

const { flaky } = proxyLocalActivities<{ flaky(name: string, failures: number): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  localRetryThreshold: '10 seconds',
  retry: { initialInterval: '1 minute' },
});

/** Runs a local activity that fails the given number of times, and then waits for an hour. */
export async function tryingLocally(name: string, failures: number): Promise<void> {
  await flaky(name, failures);
  await sleep('1 hour');
}
