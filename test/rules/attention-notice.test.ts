import { describe, expect, it } from 'vitest';
import { noticeOf } from '../../rules/attention-notice.js';
import { viewOf } from '../../rules/view.js';
import { cashier, refundIn, STARTED } from './fixtures.js';

function noticeFor(isReminder: boolean, request?: typeof cashier) {
  const view = viewOf(
    refundIn({ ...(request && { request }), submission: 'unknown', waitingFor: 'escalated' }),
  );
  if (!view.attention) throw new Error('nobody is needed');
  return { attention: view.attention, notice: noticeOf(view, view.attention, isReminder) };
}

describe('the notice about a refund that needs an operator', () => {
  it('has the refund, the time, the reason and the possible decisions', () => {
    const { notice, attention } = noticeFor(false, cashier);
    expect(notice).toEqual({
      id: `refund:R-2/${STARTED}/first`,
      type: 'refund.needs-attention',
      timestamp: STARTED,
      data: {
        refundRequestId: 'R-2',
        workflowId: 'refund:R-2',
        product: 'cashier',
        reference: 'PAY-1',
        amount: { currency: 'EUR', value: 1100 },
        attention,
      },
    });
  });

  it('has another id and type when it is a reminder', () => {
    expect(noticeFor(true).notice).toMatchObject({
      id: `refund:R-1/${STARTED}/reminder`,
      type: 'refund.still-needs-attention',
      timestamp: STARTED,
    });
  });

  it('has no amount if the amount is not known', () => {
    expect(noticeFor(false).notice.data).not.toHaveProperty('amount');
  });
});
