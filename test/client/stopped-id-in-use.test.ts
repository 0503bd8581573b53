import { expect, test } from 'vitest';
import { rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();

test('a refund whose id has another request is not called succeeded, also not after it was resumed', async () => {
  const request = refunds.cashier();
  const { refundRequestId, payToId, refundToDetails, refundReason } = request;
  // The other request, of which only the time differs, is carried out.
  await refunds.worldfirst.refund({
    refundRequestId,
    payToId,
    refundToDetails,
    refundDetails: refundToDetails,
    refundReason,
    refundRequestTime: '2026-08-30T02:02:39+08:00',
  });
  const id = await refunds.begin(request);
  await refunds.until(id, ({ attention }) => attention?.reason === 'id-used-before');
  await refunds.client.workflow.getHandle(`refund:${id}`).terminate('a test');
  await refunds.refunds.resume(id);
  const view = await refunds.until(id, rests);
  expect(view.attention?.reason).toBe('id-used-before');
});
