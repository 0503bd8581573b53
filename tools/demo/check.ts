import type { RefundView } from 'worldfirst-refunds';
import type { Journal } from 'worldfirst-refunds/testing';
import type { DemoRefund } from './refunds.js';

/** Every refund that did not end as expected, each as a sentence. */
export function mistakesOf(
  refunds: readonly DemoRefund[],
  views: readonly RefundView[],
  journal: Pick<Journal, 'sum' | 'moved'>,
): string[] {
  const { movedTwice, changedBodies } = journal.sum();
  return [
    ...refunds.flatMap(({ request, ends }, index) => {
      const id = request.refundRequestId;
      const [status, moved] = [views[index]?.status, journal.moved(id).length];
      return [
        ...(status === ends.status ? [] : [`${id} ended as ${status}, not as ${ends.status}`]),
        ...(moved === ends.moved ? [] : [`${id} moved money ${moved} times, not ${ends.moved}`]),
      ];
    }),
    ...movedTwice.map((reference) => `the money of ${reference} moved twice`),
    ...changedBodies.map((id) => `different bodies were sent under the id ${id}`),
  ];
}
