import { Client, Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { InvalidRefundRequestError, RefundClient } from '../../client/index.js';
import { cashier } from '../rules/fixtures.js';

test.each([1_100_000, 2_100_000, 9_000_000])(
  'a request with a note of %i characters is rejected before any call to Temporal',
  async (characters) => {
    // Nothing listens there: whatever is sent fails with another error.
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    onTestFinished(() => connection.close());
    const refunds = new RefundClient(new Client({ connection }));
    const request = { ...cashier, refundOrder: { note: 'x'.repeat(characters) } };
    const size = Math.ceil(JSON.stringify(request).length / 10_000) / 100;
    for (const starting of [
      () => refunds.start(request),
      () => refunds.startAndWait(request, { until: 'answer' }),
      () => refunds.startAndWait(request, { until: 'idle' }),
    ]) {
      const error = await starting().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InvalidRefundRequestError);
      expect(error).toMatchObject({
        code: 'INVALID_REQUEST',
        message: `the request has ${size} MB; the limit is 1 MB. Nothing was started or changed.`,
      });
    }
  },
);
