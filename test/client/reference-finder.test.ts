import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { type GrpcStatus, grpcError, interceptedClient } from '../support/intercepted-client.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

/** A client whose list queries are counted. */
function counting(before: () => void = () => {}): { client: RefundClient; queries: () => number } {
  let queries = 0;
  const client = interceptedClient(refunds.client, 'listWorkflowExecutions', () => {
    queries += 1;
    before();
  });
  return { client: new RefundClient(client, { taskQueue: refunds.taskQueue }), queries: () => queries };
}

test('a hundred searches at once share a few list queries, and each gets the refunds of its own order', async () => {
  const request = refunds.worldtrade('settles-3');
  await refunds.begin(request);
  const { client, queries } = counting();
  while ((await client.findByReference(request.tradeId)).length === 0) await sleep(200);
  const before = queries();
  const found = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      client.findByReference(index % 2 ? request.tradeId : `trade-other-${index}`),
    ),
  );
  expect(queries() - before).toBeLessThanOrEqual(3);
  for (const [index, refundsOfOne] of found.entries())
    expect(refundsOfOne.map((each) => each.refundRequestId)).toEqual(
      index % 2 ? [request.refundRequestId] : [],
    );
});

test('starts at the same time each notice another refund of their order', async () => {
  const request = refunds.worldtrade('settles-3');
  await refunds.begin(request);
  const { client, queries } = counting();
  while ((await client.findByReference(request.tradeId)).length === 0) await sleep(200);
  const before = queries();
  const starts = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      client.start({ ...request, refundRequestId: `${request.refundRequestId}-other-${index}` }),
    ),
  );
  for (const start of starts)
    expect(start).toMatchObject({ status: 'rejected', reason: { code: 'ANOTHER_REFUND' } });
  // One of them looks whether the payloads of the namespace can be read here.
  expect(queries() - before).toBeLessThanOrEqual(3);
});

test.for(['RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'] as const)(
  'a start whose search fails with %s is made, and says that it was not checked',
  async (status: GrpcStatus) => {
    const request = refunds.worldtrade();
    let isFailing = false;
    const { client } = counting(() => {
      if (isFailing) throw grpcError(status);
    });
    // The first start also reads the newest refunds, to see whether they can be read here.
    await client.start(refunds.cashier());
    isFailing = true;
    expect(await client.start(request)).toMatchObject({ started: true, unchecked: true });
    const idle = await client.startAndWait(refunds.worldtrade(), { until: 'idle' });
    expect(idle).toMatchObject({ unchecked: true, view: { outcome: { status: 'succeeded' } } });
  },
);

test('more searches than may wait are refused with a code', async () => {
  const { client } = counting();
  const searches = await Promise.allSettled(
    Array.from({ length: 500 }, (_, index) => client.findByReference(`trade-none-${index}`)),
  );
  const refused = searches.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const search of refused) expect(search).toMatchObject({ reason: { code: 'TEMPORAL_BUSY' } });
  expect(await client.findByReference('trade-none')).toEqual([]);
});

test('the deadline of one caller does not end the search that it shares with others', async () => {
  const { client } = counting();
  const short = client.withDeadline(Date.now() - 1, () => client.findByReference('trade-none-1'));
  expect(await Promise.all([short, client.findByReference('trade-none-2')])).toEqual([[], []]);
});
