import { proxyActivities, sleep, startChild, workflowInfo } from '@temporalio/workflow';

export * from '../../../workflows/index.js';
export { inRuns, leaving, sleeping } from './families.js';

const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({
  startToCloseTimeout: '1 minute',
});

/** Calls an activity of the application. */
export async function greeting(name: string): Promise<string> {
  return greet(name);
}

/** Is not deterministic, like workflow code after an incompatible change. */
export async function changing(): Promise<void> {
  if (workflowInfo().unsafe.isReplaying) await greet('replay');
  else await sleep(1);
}

/** Its workflow tasks always fail, because of a bug. */
export async function hanging(): Promise<void> {
  throw new TypeError('a bug');
}

/** Has a child that is not deterministic. */
export async function withChangingChild(): Promise<void> {
  await (await startChild(changing)).result();
}
