// @module-tag long
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RefundClient, type RefundRequest, workflowIdOf } from '../../client/index.js';
import { exampleOf } from '../../rules/details.js';
import { savedViewLink, WAITING_REFUNDS, WORK_QUEUE } from '../../rules/links.js';
import { type LocalRefunds, startLocalRefunds } from '../../testing/index.js';
import { chromiumPath, picture, startBrowser, submit } from './browser.js';

if (!chromiumPath)
  console.warn('skipped: the tests of the Web UI need Chromium (CHROMIUM_PATH, or apt-get install chromium)');

describe.skipIf(!chromiumPath)('in Temporal’s Web UI', () => {
  let local: LocalRefunds;
  let refunds: RefundClient;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    local = await startLocalRefunds({ temporal: { ui: true } });
    refunds = new RefundClient(local.client);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1500, height: 1300 } });
    page.setDefaultTimeout(20_000);
  });

  afterAll(async () => {
    await browser?.close();
    await local?.stop();
  });

  const at = (path: string) =>
    `${local.temporal.uiUrl}/namespaces/${local.temporal.namespace}/workflows${path}`;
  const cashier = (refundRequestId: string, payToId: string): RefundRequest => {
    const amount = { currency: 'USD', value: 1250 };
    const detail = {
      refundMethod: { paymentMethodType: 'WALLET_WF' },
      refundToAmount: amount,
      refundAmount: amount,
    };
    return {
      product: 'cashier',
      refundRequestId,
      payToId,
      refundToDetails: [detail],
      refundReason: 'a test',
    };
  };
  const hidden = (dialog: Locator) => dialog.waitFor({ state: 'hidden' });
  const statusOf = async (id: string) => (await refunds.describe(id)).status;

  test('a refund that waits for a person is found in the list, understood and decided', async () => {
    const id = 'stuck';
    await refunds.start(cashier('plain', 'pay-1'));
    await refunds.start(cashier(id, 'pay-2-refused-once-CONTRACT_NOT_EXIST'));
    await refunds.waitUntilIdle(id);
    await refunds.waitUntilIdle('plain');

    const { uiUrl = '', namespace } = local.temporal;
    await page.goto(savedViewLink(uiUrl, namespace, WORK_QUEUE, WAITING_REFUNDS));
    await page.getByRole('button', { name: WORK_QUEUE }).waitFor();
    const row = page.getByRole('link', { name: workflowIdOf(id), exact: true });
    await row.waitFor();
    expect(await page.getByRole('link', { name: workflowIdOf('plain'), exact: true }).count()).toBe(0);
    await picture(page, 'web-ui-work-queue');
    await row.click();
    // The first page shows it without a click, above what has happened before.
    await page.getByText('WAITS FOR AN OPERATOR: refused-needs-person').first().waitFor();

    await page.getByText('User Metadata', { exact: true }).click();
    // The Web UI shows Markdown in a frame of its own.
    const body = page.frameLocator('#user-metadata-current-details').locator('body');
    await body.getByText('Needs an operator: refused-needs-person').first().waitFor();
    const details = await body.textContent();
    for (const part of [
      'needs-attention',
      'pay-2-refused-once-CONTRACT_NOT_EXIST',
      'USD 12.50',
      'CONTRACT_NOT_EXIST',
      'Advice for this code',
      'so this refund moved no money',
      exampleOf('send-again'),
      exampleOf('mark-failed'),
      'This id moves money at most once',
      'sent refund under the id stuck',
    ]) {
      expect(details).toContain(part);
    }
    await picture(page, 'web-ui-details');

    const decision = exampleOf('send-again')
      .replace('"by": ""', '"by": "Ana"')
      .replace('"reason": ""', '"reason": "the contract is signed"');
    await hidden(await submit(page, 'update', 'decide', decision));
    await expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe('succeeded');
    expect(local.sandbox.journal.moved(id)).toHaveLength(1);
  });

  test('a refund at work: its timeline tells the story, and an escalation stops it', async () => {
    const id = 'at-work';
    await refunds.start(cashier(id, 'pay-3-unknown-3'));
    await expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe('unknown');

    await page.goto(at(`/${workflowIdOf(id)}`));
    for (const sentence of ['inquiry 1 of 7 in 5 min: the result is unknown', 'send the refund']) {
      await page.getByText(sentence).first().waitFor();
    }
    await picture(page, 'web-ui-timeline');

    await hidden(await submit(page, 'signal', 'escalate', '{"by":"Ana","reason":"the customer called"}'));
    await expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe('needs-attention');
    expect((await refunds.describe(id)).attention).toMatchObject({ reason: 'escalated' });

    await hidden(
      await submit(page, 'signal', 'decide', '{"decision":"inquire-again","by":"Ana","reason":"go on"}'),
    );
    await expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe('unknown');
  });

  test('a decision that does not apply is refused on the spot, with its reason', async () => {
    const id = 'refused-decision';
    await refunds.start(cashier(id, 'pay-4-nobody'), { inquiryIntervals: ['0s'] });
    await refunds.waitUntilIdle(id);
    await page.goto(at(`/${workflowIdOf(id)}`));
    const wrong = '{"decision":"send-with-new-id","by":"Ana","reason":"let us try"}';
    const dialog = await submit(page, 'update', 'decide', wrong);
    await dialog.getByText('a new id needs a signed refusal').first().waitFor();
    expect(await statusOf(id)).toBe('needs-attention');
    expect(local.sandbox.journal.sends(`${id}-2`)).toEqual([]);
  });
});
