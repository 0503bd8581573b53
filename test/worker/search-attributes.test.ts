import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import {
  createRefundWorker,
  MissingSearchAttributesError,
  missingSearchAttributes,
  RefundPlugin,
  registerSearchAttributes,
} from '../../worker/index.js';
import { NOBODY } from './fixtures.js';

const ALL = Object.keys(SEARCH_ATTRIBUTES);
const DAY = { seconds: 86_400 as unknown as Long };
type Long = NonNullable<
  NonNullable<
    Parameters<Connection['workflowService']['registerNamespace']>[0]['workflowExecutionRetentionPeriod']
  >['seconds']
>;

let connection: Connection;
let native: NativeConnection;
beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
});
afterAll(async () => {
  await native.close();
  await connection.close();
});

async function newNamespace(name: string): Promise<string> {
  const namespace = `${name}-${process.pid}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: DAY });
  // The part of the server that takes calls hears of it a moment later.
  for (;;) {
    const known = await connection.operatorService
      .listSearchAttributes({ namespace })
      .then(
        () => connection.workflowService.countWorkflowExecutions({ namespace }),
        () => undefined,
      )
      .catch(() => undefined);
    if (known) return namespace;
    await sleep(100);
  }
}

test('search attributes are registered in a new namespace, and a second run changes nothing', async () => {
  const namespace = await newNamespace('setup');
  expect(await missingSearchAttributes(connection, namespace)).toEqual(ALL);
  expect(await registerSearchAttributes(connection, namespace)).toEqual({ added: ALL, present: [] });
  expect(await missingSearchAttributes(native, namespace)).toEqual([]);
  expect(await registerSearchAttributes(connection, namespace)).toEqual({ added: [], present: ALL });
});

test('search attributes are registered once when two programs register them at the same time', async () => {
  const namespace = await newNamespace('twice');
  await Promise.all([1, 2, 3].map(() => registerSearchAttributes(connection, namespace)));
  expect(await missingSearchAttributes(connection, namespace)).toEqual([]);
});

test('without search attributes no refund worker starts, and the error names the command that registers them', async () => {
  const namespace = await newNamespace('bare');
  const creation = createRefundWorker({ connection: native, namespace, worldfirst: NOBODY });
  await expect(creation).rejects.toBeInstanceOf(MissingSearchAttributesError);
  await expect(creation).rejects.toMatchObject({
    missing: ALL,
    message: expect.stringContaining('worldfirst-refunds setup'),
  });
});

test('without search attributes no worker with the plugin starts', async () => {
  const namespace = await newNamespace('bare-plugin');
  const plugins = [new RefundPlugin({ worldfirst: NOBODY })];
  const creation = Worker.create({ connection: native, namespace, taskQueue: 'bare', plugins });
  await expect(creation).rejects.toBeInstanceOf(MissingSearchAttributesError);
});

test('a search attribute of another type is refused with both types', async () => {
  const namespace = await newNamespace('typed');
  const INT = 3;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { RefundStatus: INT },
  });
  const registration = registerSearchAttributes(connection, namespace);
  await expect(registration).rejects.toBeInstanceOf(ConfigurationError);
  await expect(registration).rejects.toThrow(/RefundStatus .*Int.*must be Keyword/);
});
