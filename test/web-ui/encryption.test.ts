// @module-tag long
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import { Cli } from '../cli/cli.js';
import { historyAsKept } from '../encryption/raw.js';
import '../support/environment.js'; // Temporal's logs of what tests let fail are switched off there
import { chromiumPath, startBrowser, submit } from './browser.js';

const REFUND_ENCRYPTION_KEYS = newKeyEntry('2026');
const id = 'in-the-browser';
vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(!chromiumPath)('an encrypted refund in Temporal’s Web UI', () => {
  const cli = new Cli({ REFUND_ENCRYPTION_KEYS });
  let env: TestEnvironment;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    env = await createTestEnvironment({ temporal: { ui: true }, env: { REFUND_ENCRYPTION_KEYS } });
    const { uiUrl = '', namespace } = env.temporal;
    url = `${uiUrl}/namespaces/${namespace}/workflows/${workflowIdOf(id)}`;
    await env.refunds.start({
      product: 'worldtrade',
      refundRequestId: id,
      tradeId: 'trade-1-never-settles',
      remark: 'hush',
    });
    env.leaveOpen(workflowIdOf(id), 'it is only looked at');
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1500, height: 1300 } });
    page.setDefaultTimeout(40_000);
  });

  afterAll(async () => {
    await browser?.close();
    cli.stop();
    await env?.stop();
  });

  const textOf = () => page.locator('body').innerText();

  test('is ciphertext without a codec server, and readable with one', async () => {
    await page.goto(url);
    await page.getByText('applyRefund').first().waitFor();
    expect(await textOf()).not.toContain('hush');
    expect(await textOf()).not.toContain('send the refund');

    const server = cli.start([
      'codec-server',
      ...['--port', '0', '--json', '--origin', env.temporal.uiUrl ?? ''],
    ]);
    const { url: endpoint } = JSON.parse(await server.prints());
    await page.getByRole('button', { name: 'Configure Codec Server' }).click();
    await page.getByText('Use my browser setting').click();
    await page.locator('#data-encoder-endpoint-input').fill(endpoint);
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.reload();

    await page.getByText('"remark": "hush"').first().waitFor();
    await page.getByText('send the refund').first().waitFor();
    await page.getByText('User Metadata', { exact: true }).click();
    const details = page.frameLocator('#user-metadata-current-details').locator('body');
    await details.getByText('trade-1-never-settles').first().waitFor();
    await server.says('200 decoded 1 payloads');
  });

  test('is steered from the page, and what the operator writes is encrypted', async () => {
    await page.goto(url);
    await submit(page, 'signal', 'escalate', '{"by":"Ana","reason":"hush, the customer called"}');
    await expect
      .poll(async () => (await env.refunds.describe(id)).attention?.reason, { timeout: 20_000 })
      .toBe('escalated');
    const kept = await historyAsKept(env.client, workflowIdOf(id));
    expect(kept).toContainEqual({ place: 'WORKFLOW_EXECUTION_SIGNALED signalName', text: 'escalate' });
    expect(kept.filter(({ text }) => text.includes('hush'))).toEqual([]);
  });
});
