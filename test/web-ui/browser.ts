import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, or undefined where there is none. */
export const chromiumPath = CANDIDATES.find((candidate) => candidate && existsSync(candidate));

/** Starts it without a window, and without the calls home that a closed network would refuse one by one. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Submits a message to the open workflow through the Web UI's own dialog, as a person does; returns the dialog. */
export async function submit(
  page: Page,
  kind: 'signal' | 'update',
  name: string,
  json: string,
): Promise<Locator> {
  // A dialog that was used before still holds what was sent then.
  await page.reload();
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: kind === 'signal' ? 'Send a Signal' : 'Send an Update' }).click();
  const dialog = page.getByTestId(`${kind}-confirmation-modal`).and(page.locator('[open]'));
  await dialog.getByTestId(`${kind}-select-button`).click();
  await dialog
    .getByRole('option')
    .filter({ hasText: new RegExp(`^\\s*${name}\\s`) })
    .click();
  const editor = dialog.locator('.cm-content[contenteditable=true]');
  await editor.click();
  await page.keyboard.insertText(json);
  // The editor lays the JSON out when it loses the focus, and the button moves away from under a click.
  await editor.blur();
  await editor.locator('.cm-line').nth(1).waitFor();
  await dialog.getByRole('button', { name: 'Submit' }).click();
  return dialog;
}

/** Keeps a picture for the documentation, where `WEB_UI_PICTURES` names a folder for it. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.WEB_UI_PICTURES;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
