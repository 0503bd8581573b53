import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';
import { workflowIdOf } from '../rules/ids.js';

// Registered, because a worker can bundle two copies of this package.
const MARK = Symbol.for('worldfirst-refunds.workflow');

/** Marks the `refund` workflow as the one of this package. */
export function markAsOurs(workflow: object): void {
  Object.defineProperty(workflow, MARK, { value: true });
}

/**
 * A workflows module with a `refund` of its own hides ours, because JavaScript prefers it to what `export *` brings, and a
 * default export runs in place of a workflow that is missing. Its result would then be read as the outcome of a refund. So
 * the workflow task of a refund fails here: nothing is sent, and the refund continues when a worker has the right workflow.
 * The SDK calls this factory before it looks for the workflow.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { workflowType, workflowId } = workflowInfo();
  if (workflowType !== 'refund' || !workflowId.startsWith(workflowIdOf(''))) return {};
  const exported = scope.__TEMPORAL__?.importWorkflows?.();
  const found = exported?.refund ?? exported?.default;
  if (exported && !(typeof found === 'function' && MARK in found))
    throw new Error(
      `The workflows module of this worker ${exported.refund ? 'has another workflow named refund' : 'does not export the refund workflow'}. ` +
        "Nothing is sent now. Export the one of this package, export * from 'worldfirst-refunds/workflows', and give no " +
        'other workflow that name; or run refunds in a worker of their own, on another task queue.',
    );
  return {};
};

// Where the SDK finds the exports of the workflows module; it has no public way. `test/worker/plugin.test.ts` fails without it.
const scope = globalThis as {
  __TEMPORAL__?: { importWorkflows?(): Record<string, unknown> };
};
