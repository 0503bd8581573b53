import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/**
 * Refuses the id of a workflow that another test run or application has started on a shared server. Without this check a
 * test would get the result of that workflow.
 * @throws an error that names the workflow, its start and its task queue
 */
export async function refuseForeignWorkflow(
  client: Client,
  workflowId: string,
  ownTaskQueue: string,
): Promise<void> {
  const found = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  if (!found || found.taskQueue === ownTaskQueue) return;
  throw new Error(
    `${workflowId} exists already in the namespace ${client.options.namespace}. It was started at ` +
      `${found.startTime.toISOString()} on the task queue ${found.taskQueue}, not by this test environment. Use ids that ` +
      'are new in every run, or leave out temporal.address to get a new server.',
  );
}
