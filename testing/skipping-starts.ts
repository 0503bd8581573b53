import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client } from '@temporalio/client';

type WorkflowService = Client['workflowService'];
type Request = object & { operations?: { startWorkflow?: object | null }[] | null };

/** After this many skips a workflow continues in real time, so that an endless workflow does not keep a machine busy for ever. */
export const MAX_SKIPS = 10_000;

const timeSkippingConfig = { enabled: true, maxSessionSkipCount: MAX_SKIPS };
const withSkipping = (request: Request) => ({ ...request, timeSkippingConfig });

// Every call that can start a workflow, and the place of the start in its request. The SDK has no option for time skipping.
const STARTING_CALLS: { [Call in keyof WorkflowService]?: (request: Request) => object } = {
  startWorkflowExecution: withSkipping,
  signalWithStartWorkflowExecution: withSkipping,
  executeMultiOperation: (request) => ({
    ...request,
    operations: request.operations?.map(({ startWorkflow, ...operation }) =>
      startWorkflow ? { ...operation, startWorkflow: withSkipping(startWorkflow) } : operation,
    ),
  }),
};

const scope = new AsyncLocalStorage<true>();
const prepared = new WeakSet<WorkflowService>();

/** Lets the workflows that `start` starts over this service skip time. Concurrent starts are not changed. */
export function startSkipping<T>(service: WorkflowService, start: () => Promise<T>): Promise<T> {
  prepare(service);
  return scope.run(true, start);
}

function prepare(service: WorkflowService): void {
  if (prepared.has(service)) return;
  prepared.add(service);
  const calls = service as unknown as Record<string, (request: Request, ...rest: unknown[]) => unknown>;
  for (const [name, change] of Object.entries(STARTING_CALLS)) {
    const call = calls[name]?.bind(service);
    if (call) calls[name] = (request, ...rest) => call(scope.getStore() ? change(request) : request, ...rest);
  }
}
