// @module-tag long
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { type LocalRefunds, startLocalRefunds } from '../../testing/local-refunds.js';
// Its logger is quiet.
import '../support/environment.js';
import { hasGo, isBuilt } from '../../tools/cluster/build.js';
import { type Cluster, startCluster } from '../../tools/cluster/cluster.js';
import { hasPostgres } from '../../tools/cluster/postgres-programs.js';
import { registerSearchAttributes } from '../../worker/index.js';

// A build takes minutes, so the tests make one only where CLUSTER=1 asks for it.
const isAsked = process.env.CLUSTER === '1' && (await hasGo());
const mayRun = isAsked || ((await isBuilt()) && (await hasPostgres()));
if (!mayRun) {
  console.log(
    'Left out: refunds on a cluster. `npm run cluster -- --build`, or CLUSTER=1 and Go, brings them in.',
  );
}

const START_LIMIT_MS = 1_500_000;
const NOTE = { by: 'Ana', reason: 'asked WorldFirst', evidence: 'case 4711' };

describe.runIf(mayRun)('a cluster with two frontends', () => {
  let cluster: Cluster;
  let local: LocalRefunds;
  let refunds: RefundClient;

  beforeAll(async () => {
    cluster = await startCluster({ counts: { frontend: 2 }, onProgress: (line) => console.log(line) });
    local = await startLocalRefunds({ temporal: { address: cluster.address } });
    refunds = new RefundClient(local.client);
  }, START_LIMIT_MS);

  afterAll(async () => {
    await local?.stop();
    await cluster?.stop();
  });

  test('a refund that just works succeeds, and the list says so', async () => {
    const request = { product: 'worldtrade', refundRequestId: 'cluster-1', tradeId: 'trade-1' } as const;
    await refunds.start(request);
    expect(await refunds.result('cluster-1')).toMatchObject({ status: 'succeeded' });
    await vi.waitFor(
      async () => expect(await statuses()).toMatchObject({ 'cluster-1': 'succeeded' }),
      PATIENCE,
    );
    expect(local.sandbox.journal.moved('cluster-1')).toHaveLength(1);
  });

  test('a refund that needs an operator is listed as such, and ends by a decision', async () => {
    const tradeId = 'trade-2-refused-PROCESS_FAIL';
    await refunds.start({ product: 'worldtrade', refundRequestId: 'cluster-2', tradeId });
    await refunds.waitUntilIdle('cluster-2');
    await vi.waitFor(
      async () => expect(await statuses()).toMatchObject({ 'cluster-2': 'needs-attention' }),
      PATIENCE,
    );
    await refunds.decide('cluster-2', { decision: 'mark-failed', ...NOTE });
    expect(await refunds.result('cluster-2')).toMatchObject({ status: 'failed' });
    expect(local.sandbox.journal.moved('cluster-2')).toHaveLength(0);
  });

  test('a refund starts on every frontend as soon as its namespace has been set up', async () => {
    const namespace = 'fresh';
    const connection = await Connection.connect({ address: cluster.address });
    const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    await vi.waitFor(() => connection.workflowService.countWorkflowExecutions({ namespace }), PATIENCE);
    await registerSearchAttributes(connection, namespace);
    await connection.close();
    for (const address of cluster.addresses) {
      const other = await Connection.connect({ address });
      const client = new RefundClient(new Client({ connection: other, namespace }));
      const request = { product: 'worldtrade', refundRequestId: address, tradeId: address } as const;
      await expect(client.start(request)).resolves.toMatchObject({ started: true });
      await other.close();
    }
  });

  test('a refund goes on after each process of the cluster was killed and started again', async () => {
    const tradeId = 'trade-3-unknown-1';
    const inquiryIntervals = ['30s' as const];
    await refunds.start(
      { product: 'worldtrade', refundRequestId: 'cluster-3', tradeId },
      { inquiryIntervals },
    );
    await vi.waitFor(
      async () => expect(await refunds.describe('cluster-3')).toMatchObject({ status: 'unknown' }),
      PATIENCE,
    );
    for (const process of [cluster.postgres, ...Object.values(cluster.services).flat()]) {
      await process.kill();
      await process.start();
    }
    await vi.waitFor(
      async () => expect(await refunds.describe('cluster-3')).toMatchObject({ status: 'succeeded' }),
      PATIENCE,
    );
    expect(local.sandbox.journal.moved('cluster-3')).toHaveLength(1);
  }, 180_000);

  async function statuses(): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for await (const { refundRequestId, status } of refunds.list()) all[refundRequestId] = status;
    return all;
  }
});

const PATIENCE = { timeout: 120_000, interval: 500 };
