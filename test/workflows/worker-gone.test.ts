import { expect, test } from 'vitest';
import { createRefundActivities } from '../../activities/index.js';
import { answersToSends, keepTheBooks, requestOf, seenOf, sendingApiOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { untilATaskWaits, untilQuiet } from '../support/workers.js';

/** The payments whose sendings are carried out and report back only when they are told to, like those of a worker that died. */
const withheld = new Map<string, Promise<void>>();

const gateway = createRefundActivities({
  worldfirst: {
    queryTradeOrder: (...call) => refunds.worldfirst.queryTradeOrder(...call),
    inquireRefund: (...call) => refunds.worldfirst.inquireRefund(...call),
    isSignedByWorldFirst: (signed) => refunds.worldfirst.isSignedByWorldFirst(signed),
    applyRefund: (...call) => refunds.worldfirst.applyRefund(...call),
    refund: (...call) => refunds.worldfirst.refund(...call),
  },
});

const refunds = useRefunds({
  // What a stopped worker had in its cache goes to the next one after this time.
  stickyQueueScheduleToStartTimeout: '1s',
  activities: {
    ...gateway,
    refund: async (body: Parameters<typeof gateway.refund>[0]) => {
      const answer = await gateway.refund(body);
      await withheld.get(body.payToId);
      return answer;
    },
  },
});
keepTheBooks(refunds);

test.for([
  ['worldtrade', 'before'],
  ['worldtrade', 'after'],
  ['cashier', 'before'],
  ['cashier', 'after'],
] as const)(
  '%s: the worker is stopped while it sends the refund (%s its effect): the next worker inquires',
  async ([product, phase]) => {
    const request = requestOf(refunds, product);
    const hold = refunds.sandbox.hold({ api: sendingApiOf(request), id: request.refundRequestId }, phase);
    const id = await refunds.begin(request, { inquiryIntervals: ['100ms', '100ms'] });
    await hold.arrived;
    await refunds.stopWorker();
    // What had arrived at WorldFirst goes on there, with or without us.
    hold.release();
    await refunds.startWorker();

    const view = await refunds.refunds.waitUntilIdle(id);
    expect(answersToSends(view)[0]).toMatch(/^the result is unknown/);
    expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: id });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  },
);

test('a worker that does not report back: the refund request times out, its result is unknown, and it is not repeated before an inquiry', async () => {
  const request = refunds.cashier();
  let report = () => {};
  withheld.set(
    request.payToId,
    new Promise((resolve) => {
      report = resolve;
    }),
  );
  const id = await refunds.begin(request, { inquiryIntervals: ['100ms'] });
  await expect.poll(() => seenOf(refunds, request).moved, { timeout: 20_000 }).toBe(1);
  // The minute that it has is shortened, so that nobody waits for it here.
  await refunds.client.workflowService.updateActivityOptions({
    namespace: refunds.client.options.namespace,
    execution: { workflowId: refunds.refunds.getHandle(id).workflowId },
    type: 'refund',
    activityOptions: { startToCloseTimeout: { seconds: 1 as never } },
    updateMask: { paths: ['start_to_close_timeout'] },
  });

  const view = await refunds.refunds.waitUntilIdle(id);
  report();
  expect(answersToSends(view)).toEqual([
    'the result is unknown (the worker that made the call did not report back)',
  ]);
  expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});

test.for(['its next attempt', 'an activity reset'] as const)(
  'a refund request with more attempts: after %s a refusal does not end the refund',
  async (how) => {
    const request = refunds.cashier();
    const hold = refunds.sandbox.hold({ api: 'refund', id: request.refundRequestId }, 'after');
    const id = await refunds.begin(request);
    await hold.arrived;
    const refusal = { code: 'PROCESS_FAIL', phase: 'before' } as const;
    refunds.sandbox.when({ api: 'refund', id, times: 5 }, refusal);
    const { workflowService, options } = refunds.client;
    const { namespace } = options;
    const execution = { workflowId: refunds.refunds.getHandle(id).workflowId };
    const seconds = how === 'an activity reset' ? 60 : 1;
    await workflowService.updateActivityOptions({
      namespace,
      execution,
      type: 'refund',
      activityOptions: {
        startToCloseTimeout: { seconds: 1 as never },
        retryPolicy: { maximumAttempts: 5, initialInterval: { seconds: seconds as never } },
      },
      updateMask: {
        paths: ['start_to_close_timeout', 'retry_policy.maximum_attempts', 'retry_policy.initial_interval'],
      },
    });
    if (how === 'an activity reset') {
      await expect
        .poll(
          async () => (await refunds.refunds.getHandle(id).describe()).raw.pendingActivities?.[0]?.attempt,
          {
            timeout: 20_000,
          },
        )
        .toBe(2);
      await workflowService.resetActivity({ namespace, execution, type: 'refund' });
    }

    const view = await refunds.refunds.waitUntilIdle(id);
    hold.release();
    expect(view.attention?.reason).toBe('refused-after-unknown');
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(view.timeline.map(({ text }) => text)).toContain(
      'Temporal ran the sending again: this was attempt 2',
    );
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  },
);

test('a refund that starts without a worker waits for one', async () => {
  const request = refunds.worldtrade();
  await refunds.stopWorker();
  const id = await refunds.begin(request);
  await refunds.startWorker();
  const view = await refunds.refunds.waitUntilIdle(id);
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 1, moved: 1 });
});

test('an inquiry that is due without a worker is made by the next worker', async () => {
  const request = refunds.cashier('unknown-1');
  const id = await refunds.begin(request, { inquiryIntervals: ['5m'] });
  const workflowId = `refund:${id}`;
  await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  await untilQuiet(refunds, workflowId);
  await refunds.stopWorker();
  await refunds.skipper.resume(workflowId);
  await untilATaskWaits(refunds, workflowId);
  await refunds.startWorker();
  const view = await refunds.refunds.waitUntilIdle(id);
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});
