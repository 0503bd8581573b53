import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idTemplate } from '../../cli/batch/id-template.js';
import type { Row } from '../../cli/batch/row.js';
import { type BatchFile, rowsOf } from '../../cli/batch/rows.js';
import { Spool } from '../../cli/batch/spool.js';
import { validate } from '../../cli/batch/validate.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function reading<T>(
  content: string | Buffer,
  { name = 'batch.csv', template }: { name?: string; template?: string },
  use: (file: BatchFile) => Promise<T>,
): Promise<T> {
  const file = path.join(folder, 'content');
  await writeFile(file, content);
  const spool = await Spool.of(file);
  try {
    return await use({ spool, name, template: template === undefined ? undefined : idTemplate(template) });
  } finally {
    await spool.close();
  }
}

const rowsIn = (content: string | Buffer, options: { name?: string; template?: string } = {}) =>
  reading(content, options, async (file) => {
    const rows: Row[] = [];
    for await (const row of rowsOf(file)) rows.push(row);
    return rows;
  });

/** Every mistake of a file, as `line 5, column 3 (amount): …`. */
const mistakesIn = (content: string | Buffer, options: { name?: string; template?: string } = {}) =>
  reading(content, options, async (file) => {
    const { mistakes } = await validate(file, false);
    return [...mistakes.values()].flat().map(({ path: place, message }) => `${place}: ${message}`);
  });

const textOf = (mistakes: Promise<string[]>) => mistakes.then((all) => all.join('\n'));

describe('a CSV file', () => {
  test.each([
    ['line feeds', '\n', ''],
    ['carriage returns and a byte order mark', '\r\n', '\uFEFF'],
  ])('is read with %s, quoted cells, blank lines and no line feed at its end', async (_, end, mark) => {
    const text = `${mark}refundRequestId,tradeId,remark${end}r-1,t-1,"a ""b"", c"${end}${end}r-2,t-2,"two${end}lines"${end}r-3,t-3,`;
    const rows = await rowsIn(text);
    expect(rows).toEqual([
      {
        line: 2,
        request: { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1', remark: 'a "b", c' },
        issues: [],
      },
      {
        line: 4,
        lastLine: 5,
        request: { product: 'worldtrade', refundRequestId: 'r-2', tradeId: 't-2', remark: `two${end}lines` },
        issues: [],
      },
      { line: 6, request: { product: 'worldtrade', refundRequestId: 'r-3', tradeId: 't-3' }, issues: [] },
    ]);
  });

  test.each([';', '\t'])('may separate its cells by %j', async (delimiter) => {
    const text = [
      ['refundRequestId', 'tradeId', 'remark'],
      ['r-1', 't-1', 'a, b'],
    ];
    const rows = await rowsIn(text.map((cells) => cells.join(delimiter)).join('\n'));
    expect(rows[0]?.request).toMatchObject({ refundRequestId: 'r-1', remark: 'a, b' });
  });

  test('holds refunds of both products, with exact amounts', async () => {
    const rows = await rowsIn(
      'product,refundRequestId,tradeId,payToId,amount,refundReason,paymentMethodType\n' +
        'worldtrade,r-1,t-1,,USD 90071992547409.91,,\n' +
        'cashier,r-2,,p-2,JPY 1234,returned,CARD\n' +
        ',r-3,,p-3,KWD 0.001,returned,\n',
    );
    const usd = { currency: 'USD', value: 9007199254740991 };
    expect(rows.flatMap(({ issues }) => issues)).toEqual([]);
    expect(rows.map(({ request }) => request)).toMatchObject([
      { refundAmount: usd },
      {
        refundToDetails: [
          {
            refundMethod: { paymentMethodType: 'CARD' },
            refundToAmount: { currency: 'JPY', value: 1234 },
            refundAmount: { currency: 'JPY', value: 1234 },
          },
        ],
      },
      {
        product: 'cashier',
        refundToDetails: [
          {
            refundMethod: { paymentMethodType: 'WALLET_WF' },
            refundAmount: { currency: 'KWD', value: 1 },
          },
        ],
      },
    ]);
  });

  test.each<[string, string, string]>([
    ['a missing id', ',t-1,', 'line 2, column 1 (refundRequestId): is missing'],
    ['a missing order', 'r-1,,', 'line 2 (product): is missing, and neither tradeId'],
    ['an amount without a currency', 'r-1,t-1,12.34', 'line 2, column 3 (amount): "12.34" is not an amount'],
    ['too many decimals', 'r-1,t-1,JPY 1.5', 'line 2, column 3 (amount): JPY has 0 decimals'],
    ['an unknown currency', 'r-1,t-1,XXX 1', 'line 2, column 3 (amount): XXX is not a currency'],
    ['an amount of nothing', 'r-1,t-1,USD 0', 'line 2, column 3 (amount): must be at least 1'],
    [
      'a blank at the end',
      'r-1 ,t-1,',
      'line 2, column 1 (refundRequestId): must not begin or end with a blank',
    ],
    [
      'an id that is too long',
      `${'r'.repeat(65)},t-1,`,
      'line 2, column 1 (refundRequestId): must have at most 64',
    ],
    ['too few cells', 'r-1,t-1', 'line 2: has 2 cells, and the header has 3'],
    ['too many cells', 'r-1,t-1,,', 'line 2: has 4 cells, and the header has 3'],
    ['a quotation mark within a cell', 'r-1,t-1,USD"" 1', 'line 2: has a quotation mark in the wrong place'],
    ['text after a quoted cell', 'r-1,t-1,"USD 1"x', 'line 2: has a quotation mark in the wrong place'],
    [
      'an open quotation mark',
      'r-1,t-1,"USD 1\nr-2,t-2,',
      'line 2: has a quotation mark that is never closed, so the lines after it cannot be read',
    ],
  ])('with %s has a mistake with its line and column', async (_, line, mistake) => {
    const all = await mistakesIn(`refundRequestId,tradeId,amount\n${line}\nr-9,t-9,USD 1\n`);
    expect(all[0]).toContain(mistake);
    expect(all.length).toBe(1);
  });

  test('with a mistake in its encoding names the line', async () => {
    const text = Buffer.from('refundRequestId,tradeId,remark\nr-1,t-1,caf\xe9\nr-2,t-2,\n', 'latin1');
    expect(await textOf(mistakesIn(text))).toMatch(/^line 2: is not UTF-8/);
    const wide = Buffer.from('refundRequestId,tradeId\nr-1,t-1\n', 'utf16le');
    await expect(mistakesIn(wide)).rejects.toMatchObject({
      issues: [{ path: 'line 1', message: expect.stringContaining('UTF-16') }],
    });
  });

  test('with an id that a spreadsheet program has rounded is refused', async () => {
    expect(
      await mistakesIn('refundRequestId,tradeId\nr-1,2.02611E+17\nr-2,"2,02611E+17"\nr-3,2E17\n'),
    ).toEqual([
      expect.stringMatching(/^line 2, column 2 \(tradeId\): "2.02611E\+17" is a number that .* has rounded/),
      expect.stringMatching(/^line 3, column 2 \(tradeId\): "2,02611E\+17" is a number that/),
    ]);
  });

  test('with an order and a payment needs a product', async () => {
    expect(await mistakesIn('refundRequestId,tradeId,payToId\nr-1,t-1,p-1\n')).toEqual([
      'line 2 (product): is missing, and both tradeId (worldtrade) and payToId (cashier) are filled: fill only one of them',
    ]);
  });

  test('with mistakes in dotted amounts names their columns', async () => {
    const text =
      'refundRequestId,tradeId,refundAmount.currency,refundAmount.value\n' +
      'r-1,t-1,USD,12.34\nr-2,t-2,USD,\nr-3,t-3,,12\nr-4,t-4,usd,12\nr-5,t-5,USD,9007199254740993\nr-6,t-6,USD,0100\n';
    expect(await mistakesIn(text)).toEqual([
      expect.stringMatching(/^line 2, column 4 \(refundAmount.value\): "12.34" is not a whole number/),
      expect.stringMatching(/^line 3, column 4 \(refundAmount.value\): is empty/),
      expect.stringMatching(/^line 4, column 3 \(refundAmount.currency\): is empty/),
      expect.stringMatching(/^line 5, column 3 \(refundAmount.currency\): must be an ISO 4217 code/),
      expect.stringMatching(/^line 6, column 4 \(refundAmount.value\): must be at most/),
      expect.stringMatching(/^line 7, column 4 \(refundAmount.value\): "0100" is not a whole number/),
    ]);
  });

  test('with mistakes in its header is refused with all of them', async () => {
    await expect(
      mistakesIn('tradeId,orderNumber,,tradeId,sum\n1,2,3,4,5\n', { template: 'x-{bar}' }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      issues: [
        {
          path: 'line 1, column 2 (orderNumber)',
          message: 'is not a column of a refund',
        },
        { path: 'line 1, column 3', message: 'has no name' },
        { path: 'line 1, column 4 (tradeId)', message: 'is given twice' },
        {
          path: 'line 1, column 5 (sum)',
          message: expect.stringMatching(
            /^is not a column of a refund. The columns are: product, refundRequestId/,
          ),
        },
        { path: 'line 1 (bar)', message: expect.stringContaining('no such column') },
      ],
    });
  });

  test.each([
    [
      'with carriage returns alone at the ends of its lines',
      'tradeId\rt-1\rt-2\r',
      'has carriage returns (CR) in it',
    ],
    ['in UTF-16', Buffer.from('\uFEFFtradeId\nt-1\nt-2\n', 'utf16le'), 'looks like UTF-16'],
  ])('%s is refused once, with the way to convert it', async (_, content, message) => {
    await expect(mistakesIn(content)).rejects.toMatchObject({
      issues: [{ path: 'line 1', message: expect.stringContaining(message) }],
    });
  });

  test('without ids and without a template is refused once, and not for each line', async () => {
    await expect(mistakesIn('tradeId\nt-1\nt-2\n')).rejects.toMatchObject({
      issues: [{ path: 'line 1', message: expect.stringContaining('make the ids with --id-template') }],
    });
  });

  test.each(['', '\n\n', 'refundRequestId,tradeId\n'])('without refunds (%j) is refused', async (text) => {
    await expect(mistakesIn(text)).rejects.toMatchObject({
      message: expect.stringContaining('has no refunds'),
    });
  });
});

describe('an NDJSON file', () => {
  const REQUEST = { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1' };

  test('is recognised by its ending, or by its first character', async () => {
    const text = `\uFEFF\n${JSON.stringify(REQUEST)}\r\n\n`;
    for (const name of ['a.ndjson', 'a.JSONL', 'stdin'])
      expect(await rowsIn(text, { name })).toEqual([{ line: 2, request: REQUEST, issues: [] }]);
  });

  test('has a place for every mistake', async () => {
    const lines = ['{"product":"x"}', '{"a":1,"a":2}', '[]', '', '{"product":"worldtrade",', '"x"'];
    const cashier = {
      product: 'cashier',
      refundRequestId: 'r-2',
      payToId: 'p-2',
      refundReason: 'x',
      more: 1,
    };
    const detail = {
      refundMethod: { paymentMethodType: 'X' },
      refundToAmount: { currency: 'USD', value: 1.5 },
    };
    lines.push(JSON.stringify({ ...cashier, refundToDetails: [detail] }));
    expect(await mistakesIn(lines.join('\n'), { name: 'a.ndjson' })).toEqual([
      'line 1 (product): must be "worldtrade" or "cashier"',
      'line 2, column 8: is not valid JSON: the key "a" is given twice',
      'line 3: must be a JSON object: one refund a line',
      'line 5, column 25: is not valid JSON: expected a key in double quotes, and the text ends there',
      'line 6: must be a JSON object: one refund a line',
      'line 7 (refundToDetails[0].refundToAmount.value): must be a whole number, and is the number 1.5',
      'line 7 (refundToDetails[0].refundAmount): is missing',
      'line 7 (more): is not a field of this request',
    ]);
  });
});

describe('lines that repeat another one', () => {
  test('are reported with both lines', async () => {
    const text =
      'refundRequestId,tradeId,payToId,amount,refundReason\n' +
      'r-1,t-1,,,\nr-2,t-2,,,\nr-1,t-1,,,\nr-3,t-2,,,\n' +
      'r-4,,p-4,USD 1,x\nr-5,,p-4,USD 2,x\nr-6,,p-4,USD 1,x\n';
    expect((await mistakesIn(text)).sort()).toEqual([
      'line 2: has the same refundRequestId as line 4',
      expect.stringMatching(/^line 3: has the same tradeId as line 5: /),
      'line 4: has the same refundRequestId as line 2',
      expect.stringMatching(/^line 5: has the same tradeId as line 3: /),
      expect.stringMatching(/^line 6: is the same refund as line 8 under another id: /),
      expect.stringMatching(/^line 8: is the same refund as line 6 under another id: /),
    ]);
  });

  test('are reported beside their other mistakes, and a first line once', async () => {
    const text =
      'product,refundRequestId,tradeId,amount\n' +
      'worldtrade,r-1,t-1,USD 12.345\nworldtrade,r-1,t-2,\nworldtrade,r-2,t-2,USD x\nworldtrade,r-1,t-3,\n';
    const tradeId = (line: number) => expect.stringContaining(`has the same tradeId as line ${line}: `);
    expect(await mistakesIn(text)).toEqual([
      expect.stringMatching(/^line 2, column 4 \(amount\): USD has 2 decimals/),
      'line 2: has the same refundRequestId as line 3',
      'line 3: has the same refundRequestId as line 2',
      expect.stringMatching(/^line 4, column 4 \(amount\): "USD x" is not an amount/),
      tradeId(3),
      'line 5: has the same refundRequestId as line 2',
    ]);
  });
});

describe('an id template', () => {
  test('makes the same id of the same row, also from a column that is only for the id', async () => {
    const rows = await rowsIn('tradeId,ticket\nt-1,4711\nt-2,4712\n', {
      template: 'recall-{ticket}-{tradeId}',
    });
    expect(rows.map(({ request }) => request)).toEqual([
      { product: 'worldtrade', tradeId: 't-1', refundRequestId: 'recall-4711-t-1' },
      { product: 'worldtrade', tradeId: 't-2', refundRequestId: 'recall-4712-t-2' },
    ]);
  });

  test('reads fields of NDJSON by their path', async () => {
    const text = JSON.stringify({
      product: 'worldtrade',
      tradeId: 't-1',
      refundAmount: { currency: 'USD', value: 5 },
    });
    const [row] = await rowsIn(text, { name: 'a.ndjson', template: '{tradeId}-{refundAmount.value}' });
    expect(row?.request).toMatchObject({ refundRequestId: 't-1-5' });
  });

  test.each<[string, string]>([
    ['constant', 'uses no column'],
    ['{}', 'each brace'],
    ['a-{tradeId', 'each brace'],
    ['a-{{tradeId}}', 'each brace'],
    ['{refundRequestId}', 'cannot use it'],
  ])('%s is refused', (template, message) => {
    expect(() => idTemplate(template)).toThrow(message);
  });

  test('that makes no valid id of a row is a mistake of that row', async () => {
    const text = `tradeId,ticket\nt-1,\nt-2, 1\n${'t'.repeat(60)},1\nt-4,"a""b"\n`;
    expect(await mistakesIn(text, { template: 'recall-{ticket}-{tradeId}' })).toEqual([
      'line 2, column 2 (ticket): is empty, and --id-template needs it',
      'line 3, column 2 (ticket): must not begin or end with a blank',
      'line 4 (refundRequestId): must have at most 64 characters, and has 69',
      expect.stringContaining('line 5 (refundRequestId): must not contain quotation marks'),
    ]);
  });

  test('beside an id of the row is a mistake, because the row would have two', async () => {
    const text = 'refundRequestId,tradeId\nr-1,t-1\n';
    expect(await textOf(mistakesIn(text, { template: 'recall-{tradeId}' }))).toBe(
      'line 2, column 1 (refundRequestId): is given, and --id-template would make another id',
    );
  });
});
