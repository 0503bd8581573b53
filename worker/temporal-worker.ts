import { createRequire } from 'node:module';

// Node reports a missing package of an `import` before any code runs, and without the remedy. So it is required.
const require = createRequire(import.meta.url);

/** `@temporalio/worker` is not installed. The code is that of other mistakes of the configuration. */
class MissingWorkerError extends Error {
  override name = 'MissingWorkerError';
  readonly code = 'CONFIGURATION';

  constructor(version: string, options: ErrorOptions) {
    const message =
      'worldfirst-refunds/worker and worldfirst-refunds/testing need @temporalio/worker, which is not installed: ' +
      `npm install @temporalio/worker@${version}`;
    super(message, options);
  }
}

/** Temporal's package for workers. It is not installed where an application only starts refunds. */
export const temporalWorker: typeof import('@temporalio/worker') = require(path());

/** @throws MissingWorkerError when the package is not installed */
function path(): string {
  try {
    return require.resolve('@temporalio/worker');
  } catch (cause) {
    const { peerDependencies } = require('worldfirst-refunds/package.json');
    throw new MissingWorkerError(peerDependencies['@temporalio/worker'], { cause });
  }
}
