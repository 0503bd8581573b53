import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { installRuntime } from './runtime.js';

/** What a worker and a client of the tests of one file connect to. */
export interface Connections {
  connection: Connection;
  native: NativeConnection;
  sandbox: Sandbox;
}

/** Connects to the Temporal server of the tests and to a sandbox, for the tests that make workers of their own. */
export function useConnections(): Connections {
  const connections = {} as Connections;
  beforeAll(async () => {
    installRuntime({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
    const address = inject('temporalAddress');
    connections.connection = await Connection.connect({ address });
    connections.native = await NativeConnection.connect({ address });
    connections.sandbox = await startSandbox();
  });
  afterAll(async () => {
    await connections.sandbox.stop();
    await connections.native.close();
    await connections.connection.close();
  });
  return connections;
}
