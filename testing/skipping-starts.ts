import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client } from '@temporalio/client';

type WorkflowService = Client['workflowService'];
type Request = object & { operations?: { startWorkflow?: object | null }[] | null };

/** After so many skips a workflow goes on in real time: one that never ends must not keep a machine busy for ever. */
export const MOST_SKIPS = 10_000;

const timeSkippingConfig = { enabled: true, maxSessionSkipCount: MOST_SKIPS };
const withSkipping = (request: Request) => ({ ...request, timeSkippingConfig });

// Every call that can start a workflow, and where the start is in its request. The SDK has no option for skipping time.
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

/** Lets `start` start workflows over this service that skip time; other starts that happen meanwhile are not touched. */
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
