import { createRequire } from 'node:module';
import path from 'node:path';
import type { ReplayWorkerOptions, WorkerOptions } from '@temporalio/worker';

const root = path.dirname(createRequire(import.meta.url).resolve('worldfirst-refunds/package.json'));

/** The file of the workflow bundle that the build makes: for `workflowBundle: { codePath: refundWorkflowBundlePath }`. */
export const refundWorkflowBundlePath: string = path.join(root, 'dist/workflow-bundle.js');

/** The module of the `refund` workflow. */
export const refundWorkflowsPath: string = path.join(root, 'dist/workflows/index.js');

type Options = WorkerOptions | ReplayWorkerOptions;

/** The workflows for a worker that has none of its own: the prebuilt bundle, unless it would lack something. */
export function workflowsFor(options: Options): Pick<Options, 'workflowsPath' | 'workflowBundle'> {
  if (options.workflowsPath !== undefined || options.workflowBundle !== undefined) return {};
  return isBundledAnew(options)
    ? { workflowsPath: refundWorkflowsPath }
    : { workflowBundle: { codePath: refundWorkflowBundlePath } };
}

/** Whether something is configured that takes effect only where the SDK bundles the workflows. It ignores it otherwise. */
function isBundledAnew({ plugins, interceptors, bundlerOptions, dataConverter }: Options): boolean {
  return (
    (plugins ?? []).some((plugin) => plugin.name !== 'worldfirst-refunds' && 'configureBundler' in plugin) ||
    (interceptors?.workflowModules ?? []).length > 0 ||
    bundlerOptions !== undefined ||
    dataConverter?.payloadConverterPath !== undefined ||
    dataConverter?.failureConverterPath !== undefined
  );
}
/**
 * The workflow interceptors that a refund needs, for a bundle of your own: `interceptors.workflowModules` of a worker,
 * `workflowInterceptorModules` of `bundleWorkflowCode`. They let a refund see that an operator has reset its workflow.
 */
export const refundWorkflowInterceptors: string[] = [path.join(root, 'dist/workflows/reset-detection.js')];
