// Makes the pictures of the command line in docs/images from what it prints on a terminal: `npm run picture`, after a build.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { RefundClient, type RefundRequest } from '../client/index.js';
import { chromiumPath, startBrowser } from '../test/web-ui/browser.js';
import { startLocalRefunds } from '../testing/local-refunds.js';

const COLUMNS = 104;
const NEEDS_OPERATOR = 'R-1002';
const root = path.resolve(import.meta.dirname, '..');

const REFUNDS: RefundRequest[] = [
  worldtrade('R-1001', '2026112200001-works'),
  worldtrade(NEEDS_OPERATOR, '2026112200002-nobody'),
  worldtrade('R-1003', '2026112200003-refused-ACCESS_DENIED'),
  worldtrade('R-1004', '2026112200004-unknown-3'),
  worldtrade('R-1005', '2026112200005-settles-3'),
  worldtrade('R-1006', '2026112200006-refused-REFUND_PERIOD_EXPIRED'),
];

const STYLE = `
  pre { padding: 16px; width: max-content; background: #1e1e2e; color: #cdd6f4 }
  pre { font: 14px/19px "DejaVu Sans Mono", Menlo, Consolas, monospace }
  .ansi-red-fg { color: #f38ba8 } .ansi-green-fg { color: #a6e3a1 }
  .ansi-yellow-fg { color: #f9e2af } .ansi-cyan-fg { color: #89dceb }`;

if (!chromiumPath)
  throw new Error('The picture needs Chromium: set CHROMIUM_PATH, or apt-get install chromium.');
const local = await startLocalRefunds();
try {
  const refunds = new RefundClient(local.client);
  for (const request of REFUNDS) {
    const isShort = request.refundRequestId === NEEDS_OPERATOR;
    await refunds.start(request, isShort ? { inquiryIntervals: ['2s', '3s'] } : {});
  }
  await refunds.waitUntilIdle(NEEDS_OPERATOR);
  const { address } = local.temporal;
  const list = await onTerminal(['list'], address, /needs-attention[\s\S]*needs-attention/);
  const show = await onTerminal(['show', NEEDS_OPERATOR], address, /needs-attention/);
  await takePicture(list, 'terminal-list');
  await takePicture(`${list}\n${show}`, 'terminal');
} finally {
  await local.stop();
}

function worldtrade(refundRequestId: string, tradeId: string): RefundRequest {
  return { product: 'worldtrade', refundRequestId, tradeId };
}

/** What a command prints on a terminal. The list lags behind, so the command is repeated until the output matches. */
async function onTerminal(args: string[], address: string, expected: RegExp): Promise<string> {
  const main = path.join(root, 'dist/cli/main.js');
  const helper = path.join(root, 'test/cli/on_terminal.py');
  const env = { ...process.env, TEMPORAL_ADDRESS: address, TERM: 'xterm-256color' };
  for (;;) {
    const command = [helper, String(COLUMNS), '60', process.execPath, main, ...args];
    const running = promisify(execFile)('python3', command, { env });
    running.child.stdin?.end();
    const { stdout } = await running;
    if (expected.test(stdout)) return `$ worldfirst-refunds ${args.join(' ')}\n${stdout}`;
  }
}

async function takePicture(output: string, name: string): Promise<void> {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent(`<style>${STYLE}</style><pre>${ansi.ansi_to_html(output.trimEnd())}</pre>`);
    await page.locator('pre').screenshot({ path: path.join(root, `docs/images/${name}.png`) });
  } finally {
    await browser.close();
  }
}
