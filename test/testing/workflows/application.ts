import {
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';

export * from '../../../workflows/index.js';
export { inRuns, leaving, sleeping } from './families.js';

const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({
  startToCloseTimeout: '1 minute',
});

export const goOn = defineSignal('goOn');

/** Calls an activity of the application's own. */
export async function greeting(name: string): Promise<string> {
  return greet(name);
}

/** Does something else when it is replayed, as workflow code does that was changed without care. */
export async function changing(): Promise<void> {
  if (workflowInfo().unsafe.isReplaying) await greet('nobody');
  else await sleep(1);
}

/** Waits for a signal, then does something else when it is replayed. */
export async function changingAfterAll(): Promise<void> {
  let mayGoOn = false;
  setHandler(goOn, () => {
    mayGoOn = true;
  });
  await condition(() => mayGoOn);
  await changing();
}

/** Its task fails for ever, as that of a workflow with a bug does. */
export async function hanging(): Promise<void> {
  throw new TypeError('a bug');
}

/** Has a child that does something else when it is replayed. */
export async function withChangingChild(): Promise<void> {
  await (await startChild(changing)).result();
}
