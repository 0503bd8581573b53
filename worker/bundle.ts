import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.dirname(createRequire(import.meta.url).resolve('worldfirst-refunds/package.json'));

/** The file of the workflow bundle that the build makes: for `workflowBundle: { codePath: refundWorkflowBundlePath }`. */
export const refundWorkflowBundlePath: string = path.join(root, 'dist/workflow-bundle.js');
