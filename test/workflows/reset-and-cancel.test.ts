import { describe, expect, test } from 'vitest';
import { expectNoDoubleEffects, requestOf, seenOf } from '../support/books.js';
import { rests, usePatientRefunds } from '../support/patient.js';
import { resetWorkflow } from '../support/reset.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

describe.for(['worldtrade', 'cashier'] as const)('%s: a workflow reset', (product) => {
  test('and a cancellation before the first workflow task: the refund does not end as cancelled', async () => {
    const request = requestOf(refunds, product, 'settles-3');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    await refunds.stopWorker();
    try {
      await resetWorkflow(refunds, request, 'first task');
      await refunds.client.workflow.getHandle(`refund:${id}`).cancel();
    } finally {
      await refunds.startWorker();
    }
    const view = await refunds.until(id, (now) => now.attention !== undefined || now.outcome !== undefined);
    expect(view.outcome).toBeUndefined();
    expect(view.attention).toMatchObject({ reason: 'cancel-requested' });
    expect(view.attention?.explanation).not.toContain('Nothing was sent');
    expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  });
});
