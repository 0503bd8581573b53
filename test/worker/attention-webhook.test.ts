import { ApplicationFailure } from '@temporalio/common';
import { WebhookVerificationError } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttentionNotice } from '../../activities/index.js';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { attentionWebhook } from '../../worker/index.js';
import { verified, WebhookReceiver } from '../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 'ours').toString('base64')}`;
const ANOTHER = `whsec_${Buffer.alloc(32, 'theirs').toString('base64')}`;

const receiver = new WebhookReceiver();
beforeAll(() => receiver.start());
afterAll(() => receiver.stop());

const unaborted = () => ({ signal: new AbortController().signal });

function noticeAbout(refundRequestId: string): AttentionNotice {
  const workflowId = `refund:${refundRequestId}`;
  const since = '2026-11-22T08:00:00.000Z';
  return {
    id: `${workflowId}/${since}/first`,
    version: 2,
    type: 'refund.needs-attention',
    timestamp: since,
    data: {
      refundRequestId,
      workflowId,
      product: 'worldtrade',
      reference: 'trade-1',
      amount: { currency: 'USD', value: 1234 },
      startedAt: since,
      submission: 'not-sent',
      money: 'Nothing was sent, so this refund moved no money.',
      ids: { providerRequestId: refundRequestId },
      inquiries: { done: 0, allowed: 0 },
      incident: { key: `${workflowId}/${since}`, group: 'worldtrade/several-payments' },
      command: `worldfirst-refunds decide ${refundRequestId}`,
      attention: {
        reason: 'several-payments',
        explanation: 'The order was paid in several payments: 定金, 尾款.',
        advice: 'Close this refund.',
        since,
        decisions: ['send-again', 'mark-failed'],
      },
    },
  };
}

/** What a delivery rejects with. */
async function failureOf(
  notice: AttentionNotice,
  options: { url?: string; timeout?: number } = {},
  call = unaborted(),
): Promise<Error> {
  const notify = attentionWebhook({ url: receiver.url, secret: SECRET, ...options });
  return notify(notice, call).then(
    () => expect.fail('it was delivered'),
    (error) => error,
  );
}

describe('a delivery of the attention webhook', () => {
  test('is verified by the library of the convention, over the unchanged body', async () => {
    const notice = noticeAbout('r-1');
    await attentionWebhook({ url: receiver.url, secret: SECRET })(notice, unaborted());
    const [delivery] = receiver.of('r-1');
    if (!delivery) return expect.fail('nothing came');
    const { id, ...payload } = notice;
    expect(verified(delivery, SECRET)).toEqual(payload);
    expect(delivery.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(delivery.body).not.toContain(SECRET);
  });

  test('is not verified with another secret, another body or another id', async () => {
    await attentionWebhook({ url: receiver.url, secret: SECRET })(noticeAbout('r-2'), unaborted());
    const [delivery] = receiver.of('r-2');
    if (!delivery) return expect.fail('nothing came');
    expect(() => verified(delivery, ANOTHER)).toThrow(WebhookVerificationError);
    const changed = { ...delivery, body: delivery.body.replace('1234', '9999') };
    expect(() => verified(changed, SECRET)).toThrow(WebhookVerificationError);
    const renamed = { ...delivery, headers: { ...delivery.headers, 'webhook-id': 'msg_another' } };
    expect(() => verified(renamed, SECRET)).toThrow(WebhookVerificationError);
  });

  test.each(['r.with.dots', '退款 3/a:b', 'r\n3', '💸', 'é'])(
    'for the refund %j has an id that a header can carry',
    async (id) => {
      const notify = attentionWebhook({ url: receiver.url, secret: SECRET });
      await notify(noticeAbout(id), unaborted());
      await notify(noticeAbout(id), unaborted());
      const [first, repeat] = receiver.of(id);
      expect(first?.id).toMatch(/^msg_[\w-]{43}$/);
      expect(repeat?.id).toBe(first?.id);
      expect(first && verified(first, SECRET).data.refundRequestId).toBe(id);
    },
  );

  test('for another refund, or for a reminder, has another id', async () => {
    const notify = attentionWebhook({ url: receiver.url, secret: SECRET });
    const first = noticeAbout('r-4');
    await notify(first, unaborted());
    await notify({ ...first, id: first.id.replace('first', 'reminder') }, unaborted());
    await notify(noticeAbout('r-5'), unaborted());
    const ids = [...receiver.of('r-4'), ...receiver.of('r-5')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  test.each([200, 201, 202, 204])('succeeds with the answer %i', async (status) => {
    const id = `taken-${status}`;
    receiver.reply(id, () => status);
    await attentionWebhook({ url: receiver.url, secret: SECRET })(noticeAbout(id), unaborted());
    expect(receiver.of(id)).toHaveLength(1);
  });
});

describe('a failed delivery of the attention webhook', () => {
  test.each([301, 302, 307, 400, 401, 404, 429, 500, 503])(
    'with the answer %i is retried, and follows no redirect',
    async (status) => {
      const id = `failed-${status}`;
      receiver.reply(id, () => status);
      const failure = await failureOf(noticeAbout(id));
      expect(failure.message).toBe(`the attention webhook answered ${status}`);
      expect(failure).not.toBeInstanceOf(ApplicationFailure);
      expect(receiver.of(id)).toHaveLength(1);
    },
  );

  test('with the answer 410 is not retried', async () => {
    receiver.reply('gone', () => 410);
    const failure = await failureOf(noticeAbout('gone'));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ message: 'the attention webhook answered 410', nonRetryable: true });
  });

  test('without an answer in time says that', async () => {
    receiver.reply('silent', () => 'nothing');
    const failure = await failureOf(noticeAbout('silent'), { timeout: 50 });
    expect(failure.message).toBe('the attention webhook gave no answer in time');
  });

  test('during the shutdown of its worker is retried', async () => {
    receiver.reply('left', () => 'nothing');
    // Its own limit must not be what ends it.
    const timeout = 600_000;
    const failure = await failureOf(noticeAbout('left'), { timeout }, { signal: AbortSignal.timeout(50) });
    expect(failure).toMatchObject({
      name: 'Error',
      message: 'the call to the attention webhook was aborted',
    });
  });

  test('without a connection gives the reason, without URL and secret', async () => {
    const gone = new WebhookReceiver();
    await gone.start();
    const url = `${gone.url}?token=hunter2`;
    await gone.stop();
    const failure = await failureOf(noticeAbout('unheard'), { url });
    expect(failure.message).toBe('the attention webhook could not be reached (ECONNREFUSED)');
    // Temporal keeps the causes of a failure too.
    expect(failure.cause).toBeUndefined();
    expect(failure.stack).not.toMatch(/hunter2|whsec/);
  });
});

describe('the options of the attention webhook', () => {
  const mistakesOf = (options: { url: string; secret: string }) => {
    try {
      attentionWebhook(options);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.issues;
      throw error;
    }
    return [];
  };

  test.each(['example.com/refunds', 'ftp://example.com', '', 'https://'])('refuse the URL %j', (url) => {
    expect(mistakesOf({ url, secret: SECRET })).toEqual([
      { path: 'url', message: expect.stringMatching(/^must be a URL such as/) },
    ]);
  });

  test.each(['https://ana:hunter2@example.com', 'https://hunter2@example.com'])(
    'refuse a URL with credentials: %s',
    (url) => {
      const [mistake] = mistakesOf({ url, secret: SECRET });
      expect(mistake).toMatchObject({
        path: 'url',
        message: expect.stringContaining('not contain a user name'),
      });
      expect(mistake?.message).not.toContain('hunter2');
    },
  );

  const base64 = (bytes: number) => Buffer.alloc(bytes, 'x').toString('base64');
  test.each([
    ['without its prefix', base64(32)],
    ['of 23 bytes', `whsec_${base64(23)}`],
    ['of 65 bytes', `whsec_${base64(65)}`],
    ['with another alphabet', `whsec_${'-_'.repeat(20)}`],
    ['with a blank', `whsec_${base64(30)} ${base64(30)}`],
    ['without its padding', `whsec_${base64(32).replace('=', '')}`],
    ['of nothing', 'whsec_'],
  ])('refuse a secret %s', (_, secret) => {
    const mistakes = mistakesOf({ url: receiver.url, secret });
    expect(mistakes).toEqual([
      { path: 'secret', message: expect.stringMatching(/^must be whsec_ and 24 to 64 bytes in base64/) },
    ]);
  });

  test.each([24, 25, 64])('accept a secret of %i bytes', (bytes) => {
    expect(mistakesOf({ url: receiver.url, secret: `whsec_${base64(bytes)}` })).toEqual([]);
  });
});
