import { type Client, isGrpcServiceError } from '@temporalio/client';

const GRPC_NOT_FOUND = 5;
const GRPC_UNIMPLEMENTED = 12;
const FIRST_VERSION = [1, 32] as const;
const FLAGS = ['frontend.WorkflowTimeSkippingEnabled=true', 'system.workflowTimeSkippingEnabled=true'];

/** Whether a server allows skipping time in the client's namespace. */
export async function skipsTime({ workflowService, options: { namespace } }: Client): Promise<boolean> {
  try {
    await workflowService.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution: { workflowId: 'time-skipper-asks-whether-time-can-be-skipped' },
      fastForwardId: 'none',
    });
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === GRPC_UNIMPLEMENTED) return false;
    // There is no such workflow, and only a server that allows skipping has looked for it.
    if (isGrpcServiceError(error) && error.code === GRPC_NOT_FOUND) return true;
    throw error;
  }
}

/** Which server it is, and what has to be done before it skips time. */
export async function whyNot({ workflowService, options: { namespace } }: Client): Promise<string> {
  const { serverVersion } = await workflowService.getSystemInfo({});
  return reasonFor(serverVersion ?? '', namespace);
}

/** Why a server of this version does not skip time. */
export function reasonFor(version: string, namespace: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isTooOld = major < FIRST_VERSION[0] || (major === FIRST_VERSION[0] && minor < FIRST_VERSION[1]);
  const reason = isTooOld
    ? `it needs ${FIRST_VERSION.join('.')} or newer`
    : `it was started without ${FLAGS.map((flag) => `--dynamic-config-value ${flag}`).join(' ')} (older and newer releases know one of them each, so give both)`;
  return (
    `The Temporal server ${version} does not skip time in namespace ${namespace}, so workflows would wait for hours: ${reason}. ` +
    'startTemporalServer({ timeSkipping: true }) starts one that does, unless TEMPORAL_ADDRESS names another.'
  );
}
