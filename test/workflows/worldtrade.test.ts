import { expect, test } from 'vitest';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();

test('a WorldTrade refund that just works: the order, the refund with its total, the settlement', async () => {
  const request = refunds.worldtrade('total-JPY-5000', { remark: 'défaut 退款' });
  const view = await refunds.run(request);

  expect(view.outcome).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'inquiry',
    refundRequestId: request.refundRequestId,
    product: 'worldtrade',
    reference: request.tradeId,
    amount: { currency: 'JPY', value: 5000 },
  });
  expect(refunds.sandbox.journal.moved(request.tradeId)).toMatchObject([
    { amount: { currency: 'JPY', value: 5000 } },
  ]);
});
