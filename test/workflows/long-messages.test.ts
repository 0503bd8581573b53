import { expect, test } from 'vitest';
import { useRefunds } from '../support/environment.js';

const environment = useRefunds();
const { cashier, run } = environment;

test('a refund can be shown after a message of a mebibyte', async () => {
  const request = cashier();
  const resultMessage = '退'.repeat(300_000);
  const long = { result: { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION', resultMessage } };
  for (const api of ['refund', 'inquireRefund'] as const)
    environment.sandbox.when(
      { api, id: request.refundRequestId, times: Number.POSITIVE_INFINITY },
      { answer: long, phase: 'after' },
    );
  const view = await run(request, { inquiryIntervals: ['5m', '10m'] });
  expect(view).toMatchObject({ attention: { reason: 'unknown-after-all-inquiries' } });
  expect(JSON.stringify(view).length).toBeLessThan(50_000);
});
