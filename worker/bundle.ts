import { createRequire } from 'node:module';
import path from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { ReplayWorkerOptions, WorkerOptions } from '@temporalio/worker';
import { failureConverterPath } from '../encryption/data-converter.js';

const root = path.dirname(createRequire(import.meta.url).resolve('worldfirst-refunds/package.json'));

/** The file of the workflow bundle that the build makes: for `workflowBundle: { codePath: refundWorkflowBundlePath }`. */
export const refundWorkflowBundlePath: string = path.join(root, 'dist/workflow-bundle.js');

/** The same with the failure converter of our own data converters. */
const encodedFailuresBundlePath = path.join(root, 'dist/workflow-bundle-encoded-failures.js');

/** The module of the `refund` workflow. */
export const refundWorkflowsPath: string = path.join(root, 'dist/workflows/index.js');

type Options = WorkerOptions | ReplayWorkerOptions;

/** The workflows for a worker that has none of its own: the prebuilt bundle, unless it would lack something. */
export function workflowsFor(options: Options): Pick<Options, 'workflowsPath' | 'workflowBundle'> {
  if (options.workflowsPath !== undefined || options.workflowBundle !== undefined) return {};
  const workflowBundle = isBundledAnew(options) ? undefined : prebuiltBundle(options.dataConverter);
  return workflowBundle ? { workflowBundle } : { workflowsPath: refundWorkflowsPath };
}

/** The prebuilt bundle with the converters of a data converter, which run in workflows too; undefined for those of others. */
export function prebuiltBundle(dataConverter: DataConverter = {}): { codePath: string } | undefined {
  const { payloadConverterPath, failureConverterPath: failures } = dataConverter;
  if (payloadConverterPath !== undefined) return undefined;
  if (failures === undefined) return { codePath: refundWorkflowBundlePath };
  return failures === failureConverterPath ? { codePath: encodedFailuresBundlePath } : undefined;
}

/** Whether something is configured that takes effect only where the SDK bundles the workflows. It ignores it otherwise. */
function isBundledAnew({ plugins, interceptors, bundlerOptions }: Options): boolean {
  return (
    (plugins ?? []).some((plugin) => plugin.name !== 'worldfirst-refunds' && 'configureBundler' in plugin) ||
    (interceptors?.workflowModules ?? []).length > 0 ||
    bundlerOptions !== undefined
  );
}
/**
 * The workflow interceptors that a refund needs, for a bundle of your own: `interceptors.workflowModules` of a worker,
 * `workflowInterceptorModules` of `bundleWorkflowCode`. They let a refund see that an operator has reset its workflow, and refuse another workflow with the name `refund`.
 */
export const refundWorkflowInterceptors: string[] = ['reset-detection.js', 'name-clash.js'].map((file) =>
  path.join(root, 'dist/workflows', file),
);
