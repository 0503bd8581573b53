// Draws docs/images/terminal.svg from what the command line really prints on a terminal: `npm run picture`, after a build.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { RefundClient, type RefundRequest } from '../client/index.js';
import { startLocalRefunds } from '../testing/local-refunds.js';
import { terminalSvg } from './terminal-svg.js';

const COLUMNS = 104;
const STUCK = 'R-1002';
const root = path.resolve(import.meta.dirname, '..');

const REFUNDS: RefundRequest[] = [
  worldtrade('R-1001', '2026112200001-works'),
  worldtrade(STUCK, '2026112200002-nobody'),
  worldtrade('R-1003', '2026112200003-refused-ACCESS_DENIED'),
  worldtrade('R-1004', '2026112200004-unknown-3'),
  worldtrade('R-1005', '2026112200005-settles-3'),
  worldtrade('R-1006', '2026112200006-refused-REFUND_PERIOD_EXPIRED'),
];

const local = await startLocalRefunds();
try {
  const refunds = new RefundClient(local.client);
  for (const request of REFUNDS) {
    const isStuck = request.refundRequestId === STUCK;
    await refunds.start(request, isStuck ? { inquiryIntervals: ['2s', '3s'] } : {});
  }
  await refunds.waitUntilIdle(STUCK);
  const { address } = local.temporal;
  const screens = [
    await onTerminal(['list'], address, /needs-attention[\s\S]*needs-attention/),
    await onTerminal(['show', STUCK], address, /A person is needed/),
  ];
  const title = 'A list of refunds, and one that waits for a person';
  await writeFile(
    path.join(root, 'docs/images/terminal.svg'),
    terminalSvg(screens.join('\n'), COLUMNS, title),
  );
} finally {
  await local.stop();
}

function worldtrade(refundRequestId: string, tradeId: string): RefundRequest {
  return { product: 'worldtrade', refundRequestId, tradeId };
}

/** The list lags behind, so it is looked at until it shows what the picture is about. */
async function onTerminal(args: string[], address: string, shows: RegExp): Promise<string> {
  const main = path.join(root, 'dist/cli/main.js');
  const helper = path.join(root, 'test/cli/on_terminal.py');
  const env = { ...process.env, TEMPORAL_ADDRESS: address, TERM: 'xterm-256color' };
  for (;;) {
    const command = [helper, String(COLUMNS), '60', process.execPath, main, ...args];
    const running = promisify(execFile)('python3', command, { env });
    running.child.stdin?.end();
    const { stdout } = await running;
    if (shows.test(stdout)) return `$ worldfirst-refunds ${args.join(' ')}\n${stdout}`;
  }
}
