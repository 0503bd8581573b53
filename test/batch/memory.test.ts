// @module-tag long
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { MAIN } from '../cli/cli.js';

const run = promisify(execFile);

/** Checks a file whose last line has a mistake, with so little memory that the file's requests do not fit into it. */
async function checked(ending: string, text: string): Promise<{ code?: number; stderr?: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'batch-memory-'));
  try {
    const file = path.join(folder, `batch${ending}`);
    await writeFile(file, text);
    const { PATH = '' } = process.env;
    const args = ['--max-old-space-size=48', MAIN, 'batch', file, '--dry-run'];
    return await run(process.execPath, args, { env: { PATH } }).catch((error) => error);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const remark = 'recalled '.repeat(25);
const COUNT = 50_000;

test('a CSV file with 50,000 lines is checked in bounded memory', async () => {
  const lines = Array.from(
    { length: COUNT },
    (_, index) => `r-${index},t-${index},USD 12.34,${remark}${index}`,
  );
  const text = `refundRequestId,tradeId,amount,remark\n${lines.join('\n')}\nr-last,t-last,USD,\n`;
  const { code, stderr } = await checked('.csv', text);
  expect(stderr).toContain(`line ${COUNT + 2}, column 3 (amount): "USD" is not an amount`);
  expect(code).toBe(2);
});

test('an NDJSON file with 20,000 lines of two kilobytes is checked in bounded memory', async () => {
  const amount = { currency: 'USD', value: 1234 };
  const refundMethod = { paymentMethodType: 'WALLET_WF' };
  const refundToDetails = [{ refundMethod, refundToAmount: amount, refundAmount: amount }];
  const rest = { refundReason: 'recalled', refundToDetails, refundOrder: { note: 'x'.repeat(2000) } };
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    JSON.stringify({ product: 'cashier', refundRequestId: `r-${index}`, payToId: `p-${index}`, ...rest }),
  );
  const { code, stderr } = await checked('.ndjson', `${lines.join('\n')}\n{"product":"worldtrade"}\n`);
  expect(stderr).toContain('line 20001 (tradeId): is missing');
  expect(code).toBe(2);
});
