import { afterAll, beforeAll, inject } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { Cli } from './cli.js';

/** The command line, a sandbox and a task queue for the tests of one file. */
export interface CliSetting {
  cli: Cli;
  queue: string;
  /** Connects a command to Temporal and the sandbox. It is filled before the tests. */
  env: Record<string, string>;
  readonly sandbox: Sandbox;
}

/** @param name of the task queue, which only this file has */
export function useCli(name: string): CliSetting {
  const cli = new Cli({});
  const queue = `${name}-${process.pid}`;
  const env: Record<string, string> = {};
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
    const own = { TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: queue };
    Object.assign(env, sandbox.env, own);
  });
  afterAll(async () => {
    cli.stop();
    await sandbox.stop();
  });
  return {
    cli,
    queue,
    env,
    get sandbox() {
      return sandbox;
    },
  };
}
