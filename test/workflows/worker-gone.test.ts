import { describe, expect, test } from 'vitest';
import type { RefundRequest } from '../../client/index.js';
import { answersToSends, expectNoDoubleEffects, requestOf, seenOf, sendingApiOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { lateGateway } from '../support/gateway.js';
import { eventsOf } from '../support/patient.js';
import { resetWorkflow } from '../support/reset.js';
import { untilATaskWaits, untilQuiet } from '../support/workers.js';

/** The payments whose sendings are carried out and report back only when they are told to, like those of a worker that died. */
const withheld = new Map<string, Promise<void>>();

const gateway = lateGateway(() => refunds.worldfirst);

const refunds = useRefunds({
  // What a stopped worker had in its cache goes to the next one after this time.
  stickyQueueScheduleToStartTimeout: '1s',
  // A worker that stops cuts a call short after this time, and not after a minute.
  shutdownGraceTime: '1s',
  worldfirst: {
    ...gateway,
    refund: async (body, options) => {
      const answer = await gateway.refund(body, options);
      await withheld.get(body.payToId);
      return answer;
    },
  },
});
expectNoDoubleEffects(refunds);

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

test('a reset to the moment in which the first request was under way sends nothing: the new id is found', async () => {
  const request = refunds.cashier('refused-once-PROCESS_FAIL');
  let report = () => {};
  withheld.set(
    request.payToId,
    new Promise((resolve) => {
      report = resolve;
    }),
  );
  const id = await refunds.begin(request, { inquiryIntervals: ['1s', '1s', '1s'] });
  await expect.poll(() => seenOf(refunds, request).sends, { timeout: 20_000 }).toBe(1);
  // A message that changes nothing: it makes a workflow task while the request is under way.
  await refunds.refunds.getHandle(id).signal('checkNow', { by: 'Ana', reason: 'a test' });
  await refunds.until(id, (view) => eventsOf(view).includes('check-now'));
  report();
  await refunds.refunds.waitUntilIdle(id);
  await refunds.refunds.decide(id, { decision: 'send-with-new-id', by: 'Ana', reason: 'support says so' });
  await refunds.until(id, ({ outcome }) => outcome?.status === 'succeeded');

  // Temporal runs the activity of the first request again by itself.
  await resetWorkflow(refunds, request, 'task after the refund request');
  const view = await refunds.until(
    id,
    (now) => eventsOf(now).includes('reset') && (now.outcome ?? now.attention) !== undefined,
  );
  expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: `${id}-2` });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
});

describe('an operator gives a refund request more attempts', () => {
  /** Holds the first attempt after its effect, and gives the activity more attempts, each a second long. */
  async function moreAttempts(request: RefundRequest, pauseInSeconds: number) {
    const hold = refunds.sandbox.hold({ api: 'refund', id: request.refundRequestId }, 'after');
    const id = await refunds.begin(request, { inquiryIntervals: ['100ms'] });
    await hold.arrived;
    const refusal = { code: 'PROCESS_FAIL', phase: 'before' } as const;
    refunds.sandbox.when({ api: 'refund', id, times: 5 }, refusal);
    const { workflowService, options } = refunds.client;
    const activity = {
      namespace: options.namespace,
      execution: { workflowId: refunds.refunds.getHandle(id).workflowId },
      type: 'refund',
    };
    await workflowService.updateActivityOptions({
      ...activity,
      activityOptions: {
        startToCloseTimeout: { seconds: 1 as never },
        retryPolicy: { maximumAttempts: 5, initialInterval: { seconds: pauseInSeconds as never } },
      },
      updateMask: {
        paths: ['start_to_close_timeout', 'retry_policy.maximum_attempts', 'retry_policy.initial_interval'],
      },
    });
    return { id, hold, activity };
  }

  test('the refusal of a later attempt does not end the refund', async () => {
    const request = refunds.cashier();
    const { id, hold } = await moreAttempts(request, 1);
    const view = await refunds.refunds.waitUntilIdle(id);
    hold.release();
    expect(view.attention?.reason).toBe('refused-after-unknown');
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(view.timeline.map(({ text }) => text)).toContain(
      'may have been sent 2 times under the same id: Temporal ran the call again',
    );
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });

  test('after an activity reset nothing is sent: the refund is inquired', async () => {
    const request = refunds.cashier();
    const { id, hold, activity } = await moreAttempts(request, 60);
    const handle = refunds.refunds.getHandle(id);
    const attempt = async () => (await handle.describe()).raw.pendingActivities?.[0]?.attempt;
    await expect.poll(attempt, { timeout: 20_000 }).toBe(2);
    await refunds.client.workflowService.resetActivity(activity);
    const view = await refunds.refunds.waitUntilIdle(id);
    hold.release();
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });
});

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
