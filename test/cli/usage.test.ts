import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.js';
import { Cli, MAIN } from './cli.js';

// Nothing in here may get as far as asking for Temporal: there is none at this address.
const cli = new Cli({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cli-usage-'));
});
afterAll(async () => {
  cli.stop();
  await rm(folder, { recursive: true });
});

const REQUEST = { product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1' };
const CASHIER = {
  product: 'cashier',
  refundRequestId: 'r-2',
  payToId: 'p-2',
  refundReason: 'returned',
  refundToDetails: [
    {
      refundMethod: { paymentMethodType: 'WALLET_WF' },
      refundToAmount: { currency: 'USD', value: 1234 },
      refundAmount: { currency: 'USD', value: 1234 },
    },
  ],
};

describe('help', () => {
  const commands = [
    'worker',
    'refund',
    'batch',
    'show',
    'list',
    'escalate',
    'check',
    'decide',
    'notifications',
    'setup',
    'sandbox',
    'dev',
  ];
  test.each([
    ...commands.map((name) => [name]),
    ['refund', 'worldtrade'],
    ['refund', 'cashier'],
    ['batch', 'status'],
  ])('of %s %s ends with an example', (...command) => {
    const help = helpOf(...command);
    expect(help.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^ {2}\\$ worldfirst-refunds ${command.join(' ')}`),
    );
    expect(help).toContain('--json');
    expect(help).toContain('--namespace');
  });

  test('is printed to stdout with exit code 0', async () => {
    const { code, stdout, stderr } = await cli.run(['decide', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: worldfirst-refunds decide [options] [ID] [DECISION]');
  });

  test('of the sandbox lists its scenario words', () => {
    expect(helpOf('sandbox')).toContain('unknown-N');
  });

  test('of the program lists every command and every exit code', () => {
    const help = helpOf();
    for (const name of commands) expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    for (const code of [0, 1, 2, 3, 4, 5, 6, 70, 130, 143])
      expect(help).toMatch(new RegExp(`^ {2}${code} {2}`, 'm'));
  });
});

/** The help of a command, without starting a process. */
function helpOf(...names: string[]): string {
  let command = createProgram();
  for (const name of names)
    command = command.commands.find((each) => each.name() === name) ?? expect.fail(`no command ${name}`);
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => parts.push(part) }).outputHelp();
  return parts.join('');
}

const WHY = ['--by', 'a', '--reason', 'b'];
const CONFIGURATION = ['--attention', 'configuration'];

describe.concurrent('a command line with a mistake', () => {
  test.each([
    [['nonsense'], /unknown command/],
    [['show'], /missing required argument 'ID'/],
    [['decide', 'r-1', 'forget-it', '--by', 'a', '--reason', 'b'], /Allowed choices are inquire-again/],
    [['decide', 'r-1', 'send-again', '--by', 'a'], /--reason/],
    [['list', '--status', 'lost'], /Allowed choices/],
    [['list', '--older-than', 'yesterday'], /must be an interval/],
    [['list', '--limit', '0'], /must be a count/],
    [
      ['list', '--attention', 'because'],
      /Allowed choices are unknown-after-all-inquiries, settlement-overdue/,
    ],
    [['list', '--product', 'cash'], /Allowed choices are worldtrade, cashier/],
    [['list', '--json-lines'], /--json-lines' cannot be used with option '--json'/],
    [['decide'], /give a refund id/],
    [['decide', 'r-1'], /missing DECISION: inquire-again, .*decide r-1` asks/],
    [['decide', 'r-1', 'send-again', '--reason', 'b'], /--by NAME/],
    [['decide', 'r-1', 'send-again', ...WHY, '--attention', 'configuration'], /need --all/],
    [['decide', 'r-1', 'send-again', ...WHY, '--dry-run'], /need --all/],
    [['decide', '--all', 'send-again', ...WHY], /--all needs --attention/],
    [['decide', '--all', ...CONFIGURATION, ...WHY], /missing DECISION/],
    [
      ['decide', '--all', ...CONFIGURATION, 'r-1', 'send-again', ...WHY],
      /--all cannot be combined with an ID/,
    ],
    [['decide', '--all', ...CONFIGURATION, 'mark-failed', ...WHY, '--evidence', 'e'], /one refund at a time/],
    [['decide', '--all', ...CONFIGURATION, 'mark-succeeded', ...WHY], /one refund at a time/],
    [['decide', '--all', ...CONFIGURATION, 'send-with-new-id', ...WHY], /one refund at a time/],
    [['show', 'r-1', '--verbose'], /unknown option/],
    [['refund'], /give a JSON file/],
    [['sandbox', '--port', 'http'], /must be a port/],
    [['sandbox', '--fault-share', '30'], /must be a number from 0 to 1/],
    [['sandbox', '--fault-seed', '-1'], /must be a whole number/],
  ])('%j exits with 2, with the error as JSON too', async (args, words) => {
    const { code, stdout, stderr } = await cli.run([...args, '--json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'USAGE', message: expect.stringMatching(words) } });
  });
});

describe.concurrent('an invalid refund request', () => {
  test('in a file is rejected with one line for each mistake', async () => {
    const file = path.join(folder, 'wrong.json');
    const [detail] = CASHIER.refundToDetails;
    const request = {
      ...CASHIER,
      tradeId: 't',
      refundToDetails: [{ ...detail, refundAmount: { currency: 'usd', value: 1.5 } }],
    };
    await writeFile(file, JSON.stringify(request));
    const { code, stdout, stderr } = await cli.run(['refund', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^error/),
      expect.stringMatching(/^ {2}refundToDetails\[0\]\.refundAmount\.currency: /),
      expect.stringMatching(/^ {2}refundToDetails\[0\]\.refundAmount\.value: must be a whole number/),
      expect.stringMatching(/^ {2}tradeId: is not a field/),
    ]);
    const { document } = await cli.json(['refund', file]);
    expect(document.error).toMatchObject({ code: 'INVALID_REQUEST', issues: [{}, {}, { path: 'tradeId' }] });
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'with the field %s is rejected with its name',
    async (name) => {
      const input = `{"${name}": {"product": "cashier"}, ${JSON.stringify(REQUEST).slice(1)}`;
      const { document } = await cli.json(['refund', '-'], { input });
      expect(document.error.issues).toEqual([{ path: name, message: 'is not a field of this request' }]);
      const { stderr } = await cli.run(['refund', '-'], { input });
      expect(stderr).toContain(`\n  ${name}: is not a field of this request\n`);
    },
  );

  test('in flags is rejected with the names of the flags', async () => {
    const { document } = await cli.json([
      'refund',
      'cashier',
      '--amount',
      'USD 1.234',
      '--inquire-after',
      '5',
    ]);
    expect(document.error.issues.map(({ path }: { path: string }) => path)).toEqual([
      '--amount',
      '--request-id',
      '--pay-to-id',
      '--amount',
      '--reason',
      '--inquire-after',
    ]);
  });

  test.each([
    ['that is cut off', '{"product": "worldtrade",', /line 1, column 26/],
    ['with a wrong word', '{\n "product": worldtrade}', /line 2, column 13/],
    ['with a key given twice', '{"tradeId": "a",\n "tradeId": "b"}', /line 2, column 2: the key "tradeId"/],
    ['that is empty', '', /line 1, column 1/],
  ])('as a text %s says where', async (_, input, place) => {
    const { code, stderr } = await cli.run(['refund', '-'], { input });
    expect(code).toBe(2);
    expect(stderr).toMatch(place);
  });

  const LATIN = { ...REQUEST, tradeId: 'café' };
  test.each<[string, string, RegExp]>([
    ['Latin-1', 'LATIN1', /is not UTF-8 \(byte 63\)\. It looks like Latin-1.* iconv -f LATIN1 -t UTF-8/],
    ['UTF-16', 'UTF-16', /is not UTF-8 \(byte 1\)\. It looks like UTF-16.* iconv -f UTF-16 -t UTF-8/],
    ['UTF-16 without a mark', 'UTF-16LE', /is not UTF-8 \(byte 2\)\. It looks like UTF-16/],
    ['UTF-32', 'UTF-32', /is not UTF-8 \(byte 1\)\. It looks like UTF-32/],
    ['GBK', 'GBK', /is not UTF-8 \(byte \d+\)\. .*GBK/],
  ])('in %s is refused, from a file and from stdin', async (name, encoding, words) => {
    const input = execFileSync('iconv', ['-f', 'UTF-8', '-t', encoding], { input: JSON.stringify(LATIN) });
    const file = path.join(folder, `${name}.json`);
    await writeFile(file, input);
    const answers = [await cli.json(['refund', file]), await cli.json(['refund', '-'], { input })];
    for (const { code, document } of answers) {
      expect(code).toBe(2);
      expect(document.error).toEqual({ code: 'INVALID_REQUEST', message: expect.stringMatching(words) });
      expect(document.error.message).toMatch(/Nothing was started\.$/);
    }
  });

  test('in flags that are not UTF-8 is rejected, because two ids would become one', async () => {
    // Node cannot pass on bytes that are no text, and a shell can.
    const command = `"$0" "$1" refund worldtrade --request-id $'r-\\xe9' --trade-id t-1 --json`;
    const { stdout, status } = spawnSync('bash', ['-c', command, process.execPath, MAIN], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.issues).toEqual([
      { path: '--request-id', message: expect.stringContaining('U+FFFD') },
    ]);
  });

  const large = (characters: number) =>
    JSON.stringify({ ...CASHIER, refundOrder: { note: 'x'.repeat(characters) } });
  test.each([
    [1_100_000, '1.11 MB'],
    [2_100_000, '2.11 MB'],
    [9_000_000, '9.01 MB'],
  ])('with a note of %i characters is refused before anything is started', async (characters, size) => {
    const { code, stdout, stderr } = await cli.run(['refund', '-', '--json'], { input: large(characters) });
    const message = `the request has ${size}; the limit is 1 MB. Nothing was started or changed.`;
    expect({ code, stderr }).toEqual({ code: 2, stderr: `error: ${message}\n` });
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'INVALID_REQUEST', message });
  });

  test('in a file of blanks that is larger than any request is rejected', async () => {
    const file = path.join(folder, 'blanks.json');
    await writeFile(file, `${' '.repeat(70_000_000)}${JSON.stringify(CASHIER)}`);
    const { code, stderr } = await cli.run(['refund', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /the request in .*blanks\.json has 70\.01 MB; the limit is 64 MB\. Nothing was started/,
    );
  });

  test('with many blanks is measured without them', async () => {
    const input = `${' '.repeat(3_000_000)}${JSON.stringify(CASHIER)}`;
    const { document } = await cli.json(['refund', '-'], { input });
    expect(document.error.code).toBe('TEMPORAL_UNREACHABLE');
  });

  test('with many thousand mistakes is rejected quickly', async () => {
    const refundToDetails = Array.from({ length: 30_000 }, () => ({ a: 1 }));
    const { document } = await cli.json(['refund', '-'], {
      input: JSON.stringify({ ...CASHIER, refundToDetails }),
    });
    expect(document.error.issues).toHaveLength(120_000);
  });

  test('with an integer beyond the safe range is rejected', async () => {
    const input = JSON.stringify(CASHIER).replaceAll('1234', '9007199254740993');
    const { code, stderr } = await cli.run(['refund', '-'], { input });
    expect(code).toBe(2);
    expect(stderr).toMatch(/refundAmount\.value: must be at most 9007199254740991/);
  });

  test('in a file that does not exist is rejected with the name of the file', async () => {
    const { code, stderr } = await cli.run(['refund', path.join(folder, 'nowhere.json')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere\.json cannot be read: it does not exist/);
  });
});

describe.concurrent('an invalid configuration', () => {
  test('stops the worker before it starts, with one line for each mistake', async () => {
    const { code, stdout, stderr } = await cli.run(['worker'], {
      env: { WORLDFIRST_PRIVATE_KEY: 'hunter2hunter2' },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/^ {2}WORLDFIRST_/gm)).toHaveLength(4);
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('stops commands that start refunds, too', async () => {
    const env = { REFUND_SETTLEMENT_INTERVALS: 'soon' };
    const { code, document } = await cli.json(['refund', '-'], { env, input: JSON.stringify(REQUEST) });
    expect(code).toBe(2);
    expect(document.error).toMatchObject({
      code: 'CONFIGURATION',
      issues: [{ path: 'REFUND_SETTLEMENT_INTERVALS' }],
    });
  });
});

test('every command exits with 5 when Temporal cannot be reached', async () => {
  const about = ['--by', 'ana', '--reason', 'test'];
  const file = path.join(folder, 'unreachable.ndjson');
  await writeFile(file, JSON.stringify(REQUEST));
  const codes = await Promise.all(
    [
      ['refund', 'worldtrade', '--request-id', 'r-1', '--trade-id', 't-1'],
      ['batch', file, '--yes'],
      ['batch', 'status', file],
      ['show', 'r-1'],
      ['list'],
      ['setup'],
      ['check', 'r-1', ...about],
      ['escalate', 'r-1', ...about],
      ['decide', 'r-1', 'send-again', ...about],
    ].map(async (args) => {
      const { code, document } = await cli.json(args);
      return [args[0], code, document.error.code];
    }),
  );
  for (const [, code, error] of codes) expect([code, error]).toEqual([5, 'TEMPORAL_UNREACHABLE']);
});

describe('a hint on the next command', () => {
  const hintWith = async (env: Record<string, string>) => {
    const { document } = await cli.json(['show', 'r-1'], { env });
    return /For local tests only: `([^`]*)`/.exec(document.error.message)?.[1];
  };

  test('has only the program if npm did not start it', async () => {
    expect(await hintWith({})).toBe('worldfirst-refunds dev');
  });

  test('begins with npx if npm started the program and a shell does not find it', async () => {
    const bin = path.join(folder, 'node_modules/.bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'worldfirst-refunds'), '');
    const PATH = `${bin}${path.delimiter}${folder}`;
    expect(await hintWith({ npm_execpath: '/npm/bin/npx-cli.js', PATH })).toBe('npx worldfirst-refunds dev');
  });

  test('has only the program if npm started it and a shell finds it too', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'worldfirst-refunds'), '');
    expect(await hintWith({ npm_execpath: '/npm/bin/npx-cli.js', PATH: bin })).toBe('worldfirst-refunds dev');
  });
});

test('a misspelt variable is named by every command, once', async () => {
  const env = { REFUND_REFERENCE_KEY: 'x', REFUND_INQUIRY_INTERVALS: 'soon' };
  for (const command of ['list', 'worker']) {
    const { code, stderr } = await cli.run([command], { env });
    expect(code).toBe(2);
    expect(stderr.match(/REFUND_REFERENCE_KEY is not .*/g)).toEqual([
      'REFUND_REFERENCE_KEY is not a known variable. Did you mean REFUND_REFERENCE_KEYS?',
    ]);
  }
});
