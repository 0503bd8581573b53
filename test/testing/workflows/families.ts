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

/** Sleeps so long, in milliseconds. */
export async function sleeping(waitMs: number): Promise<void> {
  await sleep(waitMs);
}

/** Waits for children that sleep so long, and says how many there were. */
export async function parent(waitsMs: number[]): Promise<number> {
  const children = waitsMs.map((waitMs) => executeChild(sleeping, { args: [waitMs] }));
  return (await Promise.all(children)).length;
}

/** Leaves a child behind, and returns its id. */
export async function leaving(waitMs: number): Promise<string> {
  const child = await startChild(sleeping, { args: [waitMs], parentClosePolicy: ParentClosePolicy.ABANDON });
  return child.workflowId;
}

/** Sleeps so long in each of so many runs, and returns how long that took in all. */
export async function inRuns(waitMs: number, runs: number, begunAt = Date.now()): Promise<number> {
  await sleep(waitMs);
  if (runs > 1) await continueAsNew<typeof inRuns>(waitMs, runs - 1, begunAt);
  return Date.now() - begunAt;
}

/** Asks every hour, until it is enough. */
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

/** Runs a local activity that fails as often as it is told, and then waits for an hour. */
export async function tryingInPassing(name: string, failures: number): Promise<void> {
  await flaky(name, failures);
  await sleep('1 hour');
}
