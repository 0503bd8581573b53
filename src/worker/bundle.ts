import { fileURLToPath } from 'node:url';

/** The file of the workflow bundle that the build makes: for `workflowBundle: { codePath: refundWorkflowBundlePath }`. */
export const refundWorkflowBundlePath: string = fileURLToPath(
  new URL('../../dist/workflow-bundle.js', import.meta.url),
);
