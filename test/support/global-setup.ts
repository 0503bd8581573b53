import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import { startTemporalServer } from '../../testing/temporal-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Host and port of the one Temporal server of this run. */
    temporalAddress: string;
    /** The workflow bundle, made once. */
    workflowBundle: string;
  }
}

const quiet = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };

export default async function setup(project: TestProject) {
  const server = await startTemporalServer({
    address: process.env.TEMPORAL_ADDRESS,
    searchAttributes: SEARCH_ATTRIBUTES,
    timeSkipping: true,
    onProgress: (line) => console.error(line),
  });
  const workflowsPath = path.resolve(import.meta.dirname, '../../workflows/index.ts');
  // As the build does it, for a shared module is frozen.
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    preloadModules: [workflowsPath],
    workflowInterceptorModules: [path.resolve(workflowsPath, '../reset-detection.ts')],
    logger: quiet,
  });
  const directory = await mkdtemp(path.join(tmpdir(), 'refund-tests-'));
  const workflowBundle = path.join(directory, 'workflow-bundle.js');
  await writeFile(workflowBundle, code);
  project.provide('temporalAddress', server.address);
  project.provide('workflowBundle', workflowBundle);
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
}
