import { type Client, isGrpcServiceError } from '@temporalio/client';

const GRPC_NOT_FOUND = 5;
const GRPC_UNIMPLEMENTED = 12;
const FIRST_VERSION = [1, 32] as const;
const FLAGS = ['frontend.WorkflowTimeSkippingEnabled=true', 'system.workflowTimeSkippingEnabled=true'];

/** Whether a server allows skipping time in the client's namespace. */
export async function canSkipTime({ workflowService, options: { namespace } }: Client): Promise<boolean> {
  try {
    await workflowService.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution: { workflowId: 'time-skipper-asks-whether-time-can-be-skipped' },
      fastForwardId: 'none',
    });
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === GRPC_UNIMPLEMENTED) return false;
    // The workflow does not exist. Only a server that supports time skipping looks for it.
    if (isGrpcServiceError(error) && error.code === GRPC_NOT_FOUND) return true;
    throw error;
  }
}

/** Why this server does not skip time, and what to do. */
export async function explainNoSkipping({
  workflowService,
  options: { namespace },
}: Client): Promise<string> {
  const { serverVersion } = await workflowService.getSystemInfo({});
  return noSkippingReason(serverVersion ?? '', namespace);
}

/** Why a server of this version does not skip time. */
export function noSkippingReason(version: string, namespace: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isTooOld = major < FIRST_VERSION[0] || (major === FIRST_VERSION[0] && minor < FIRST_VERSION[1]);
  const reason = isTooOld
    ? `it needs ${FIRST_VERSION.join('.')} or newer`
    : `it was started without ${FLAGS.map((flag) => `--dynamic-config-value ${flag}`).join(' ')} (older and newer releases know one of the two names each, so set both)`;
  return (
    `The Temporal server ${version} does not skip time in namespace ${namespace}, so workflows would wait in real time: ${reason}. ` +
    'startTemporalServer({ timeSkipping: true }) starts a server that does.'
  );
}
