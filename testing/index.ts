/**
 * Tools to test your own integration: a local WorldFirst, a real Temporal server, and time skipping.
 * @module worldfirst-refunds/testing
 */

export {
  type LocalRefunds,
  type LocalRefundsOptions,
  type LocalWorkerOptions,
  startLocalRefunds,
} from './local-refunds.js';
export * from './sandbox/index.js';
export { signAsWorldFirst, type WorldFirstMessage } from './sign-as-worldfirst.js';
export { startTemporalServer, type TemporalServer, type TemporalServerOptions } from './temporal-server.js';
export {
  createTestEnvironment,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from './test-environment.js';
export { TimeSkipper } from './time-skipper.js';
