import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { readRefundConfig } from '../../worker/refund-config.js';
import { readWorkerConfig } from '../../worker/worker-config.js';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const partner = pair();
const worldfirst = pair();

const COMPLETE = {
  WORLDFIRST_BASE_URL: 'https://open-sea.worldfirst.com',
  WORLDFIRST_CLIENT_ID: '5J5Y60382Z3SLV02387',
  WORLDFIRST_PRIVATE_KEY: partner.privateKey,
  WORLDFIRST_PUBLIC_KEY: worldfirst.publicKey,
};

let folder = '';
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'worker-config-'));
  await writeFile(file('private.pem'), partner.privateKey);
  await writeFile(file('old.pem'), worldfirst.publicKey);
  await writeFile(file('new.pem'), pair().publicKey);
  await writeFile(file('empty.pem'), '\n');
});
afterAll(() => rm(folder, { recursive: true }));

/** The lines of the error, without its title. */
function mistakes(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.issues.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}
const inWorker = (changes: NodeJS.ProcessEnv) =>
  mistakes(() => readWorkerConfig({ ...COMPLETE, ...changes }));

describe('the configuration of a worker', () => {
  test('has the documented defaults where a variable is not set', () => {
    const { worldfirst: options, taskQueue, warnings } = readWorkerConfig(COMPLETE);
    expect(String(options.baseUrl)).toBe('https://open-sea.worldfirst.com/');
    expect(options).toMatchObject({
      pathPrefix: '/amsin/api/v1/business',
      keyVersion: '2',
      timeout: 30_000,
    });
    expect(taskQueue).toBe('worldfirst-refunds');
    expect(warnings).toEqual([]);
  });

  test('treats an empty variable as not set', () => {
    const { worldfirst: options, taskQueue } = readWorkerConfig({
      ...COMPLETE,
      WORLDFIRST_PATH_PREFIX: '',
      WORLDFIRST_TIMEOUT: ' ',
      WORLDFIRST_PRIVATE_KEY_FILE: '',
      REFUND_TASK_QUEUE: '',
      REFUND_INQUIRY_INTERVALS: '',
    });
    expect(options).toMatchObject({ pathPrefix: '/amsin/api/v1/business', timeout: 30_000 });
    expect(taskQueue).toBe('worldfirst-refunds');
  });

  test('reads keys from files, several public ones during a rotation', () => {
    const { WORLDFIRST_BASE_URL, WORLDFIRST_CLIENT_ID } = COMPLETE;
    const { worldfirst: options } = readWorkerConfig({
      WORLDFIRST_BASE_URL,
      WORLDFIRST_CLIENT_ID,
      WORLDFIRST_PRIVATE_KEY_FILE: file('private.pem'),
      WORLDFIRST_PUBLIC_KEY_FILE: `${file('old.pem')}, ${file('new.pem')}`,
    });
    expect(options.publicKeys).toHaveLength(2);
  });

  test('leaves out the last slash of a path prefix', () => {
    const { worldfirst: options } = readWorkerConfig({ ...COMPLETE, WORLDFIRST_PATH_PREFIX: '/test/v1/' });
    expect(options.pathPrefix).toBe('/test/v1');
  });
});

test('quotes around a value, as an env-file of Docker passes them on, are left out', () => {
  const quoted = (value: string) => `"${value.trim()}"`;
  const { worldfirst: options } = readWorkerConfig({
    WORLDFIRST_BASE_URL: quoted(COMPLETE.WORLDFIRST_BASE_URL),
    WORLDFIRST_CLIENT_ID: `'${COMPLETE.WORLDFIRST_CLIENT_ID}'`,
    WORLDFIRST_PRIVATE_KEY_FILE: quoted(file('private.pem')),
    WORLDFIRST_PUBLIC_KEY_FILE: `${quoted(file('old.pem'))}, ${quoted(file('new.pem'))}`,
    WORLDFIRST_TIMEOUT: quoted('20s'),
    WORLDFIRST_KEY_VERSION: '""',
  });
  expect(options).toMatchObject({
    clientId: COMPLETE.WORLDFIRST_CLIENT_ID,
    timeout: 20_000,
    keyVersion: '2',
  });
  expect(options.publicKeys).toHaveLength(2);
});

describe('mistakes in variables are all named at once', () => {
  test('when nothing is set', () => {
    const found = mistakes(() => readWorkerConfig({}));
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      'WORLDFIRST_BASE_URL',
      'WORLDFIRST_CLIENT_ID',
      'WORLDFIRST_PRIVATE_KEY',
      'WORLDFIRST_PUBLIC_KEY',
    ]);
    for (const line of found) expect(line).toMatch(/is not set: set it to/);
  });

  test('for mistakes of every kind, each in one line', () => {
    const found = inWorker({
      WORLDFIRST_BASE_URL: 'open-sea.worldfirst.com',
      WORLDFIRST_CLIENT_ID: 'a b',
      WORLDFIRST_PATH_PREFIX: 'amsin',
      WORLDFIRST_TIMEOUT: '30',
      REFUND_INQUIRY_INTERVALS: '5m,x',
      REFUND_SETTLEMENT_INTERVALS: '5',
    });
    expect(found).toHaveLength(6);
    for (const line of found) expect(line).not.toContain('\n');
  });
});

describe('the base URL', () => {
  test.each([
    'ftp://open-sea.worldfirst.com',
    'https://open-sea.worldfirst.com/amsin',
    'https://open-sea.worldfirst.com?x=1',
    'https://open-sea.worldfirst.com#x',
    'not a URL',
  ])('%s is refused', (url) => {
    expect(inWorker({ WORLDFIRST_BASE_URL: url })).toEqual([
      expect.stringMatching(/^WORLDFIRST_BASE_URL must be scheme, host and port/),
    ]);
  });

  test('with credentials is refused without repeating them', () => {
    const [line = ''] = inWorker({ WORLDFIRST_BASE_URL: 'https://ana:topsecret@open-sea.worldfirst.com' });
    expect(line).toContain('WORLDFIRST_BASE_URL');
    expect(line).not.toContain('topsecret');
  });

  test('with plain http causes a warning, except for this machine', () => {
    const warnings = (url: string) => readWorkerConfig({ ...COMPLETE, WORLDFIRST_BASE_URL: url }).warnings;
    expect(warnings('http://worldfirst.example.com')).toEqual([expect.stringContaining('plain http')]);
    expect(warnings('http://127.0.0.1:8089')).toEqual([]);
    expect(warnings('http://localhost:8089')).toEqual([]);
  });
});

describe('keys', () => {
  test('given as a variable and as a file are refused', () => {
    expect(inWorker({ WORLDFIRST_PRIVATE_KEY_FILE: file('private.pem') })).toEqual([
      'WORLDFIRST_PRIVATE_KEY and WORLDFIRST_PRIVATE_KEY_FILE are both set: keep one of them',
    ]);
  });

  test('in a file that does not exist, is empty or is a folder are refused with the name of the file', () => {
    const at = (name: string) =>
      inWorker({ WORLDFIRST_PUBLIC_KEY: '', WORLDFIRST_PUBLIC_KEY_FILE: file(name) });
    expect(at('nowhere.pem')).toEqual([
      expect.stringMatching(/^WORLDFIRST_PUBLIC_KEY_FILE .*not exist.*nowhere/),
    ]);
    expect(at('empty.pem')).toEqual([expect.stringMatching(/empty file/)]);
    expect(at('')).toEqual([expect.stringMatching(/is a folder/)]);
  });

  test('in a DER file are read', async () => {
    const pem = createPrivateKey(partner.privateKey);
    await writeFile(file('private.der'), pem.export({ type: 'pkcs1', format: 'der' }), { mode: 0o600 });
    const { WORLDFIRST_PRIVATE_KEY: _, ...others } = COMPLETE;
    const { worldfirst: options } = readWorkerConfig({
      ...others,
      WORLDFIRST_PRIVATE_KEY_FILE: file('private.der'),
    });
    expect(pem.equals(options.privateKey as KeyObject)).toBe(true);
  });

  test('in a file of UTF-16 are refused with the encoding and the command that converts it', async () => {
    await writeFile(file('utf-16.pem'), `\uFEFF${worldfirst.publicKey}`, 'utf16le');
    expect(inWorker({ WORLDFIRST_PUBLIC_KEY: '', WORLDFIRST_PUBLIC_KEY_FILE: file('utf-16.pem') })).toEqual([
      `WORLDFIRST_PUBLIC_KEY_FILE names ${file('utf-16.pem')}, which is not UTF-8 (byte 1). It looks like UTF-16: convert it, for example with iconv -f UTF-16 -t UTF-8 ${file('utf-16.pem')} > key.pem`,
    ]);
  });

  test('in a PKCS#12 file are refused with the command that extracts them', async () => {
    await writeFile(file('store.p12'), Buffer.from('3082000a02010330040400000000', 'hex'), { mode: 0o600 });
    expect(inWorker({ WORLDFIRST_PRIVATE_KEY: '', WORLDFIRST_PRIVATE_KEY_FILE: file('store.p12') })).toEqual([
      expect.stringMatching(/^WORLDFIRST_PRIVATE_KEY_FILE .*PKCS#12.* openssl pkcs12 -in FILE/),
    ]);
  });

  test('in two files of bare base64 are both read', async () => {
    const bare = (pem: string) => pem.replaceAll(/-----.*-----|\s/g, '');
    await writeFile(file('both.txt'), `${bare(worldfirst.publicKey)}\n${bare(pair().publicKey)}\n`);
    const { worldfirst: options } = readWorkerConfig({
      ...COMPLETE,
      WORLDFIRST_PUBLIC_KEY: undefined,
      WORLDFIRST_PUBLIC_KEY_FILE: `${file('both.txt')},${file('old.pem')}`,
    });
    expect(options.publicKeys).toHaveLength(3);
  });

  test('in place of the name of a file are refused without repeating them', () => {
    const [line = ''] = inWorker({
      WORLDFIRST_PRIVATE_KEY: '',
      WORLDFIRST_PRIVATE_KEY_FILE: partner.privateKey,
    });
    expect(line).toBe(
      'WORLDFIRST_PRIVATE_KEY_FILE contains a key, not a file name: put the key into WORLDFIRST_PRIVATE_KEY',
    );
  });

  test('of the wrong kind are refused with their kind, without repeating them', () => {
    const found = inWorker({
      WORLDFIRST_PRIVATE_KEY: worldfirst.publicKey,
      WORLDFIRST_PUBLIC_KEY: partner.privateKey,
    });
    expect(found).toEqual([
      expect.stringMatching(/^WORLDFIRST_PRIVATE_KEY cannot be used: this is an RSA public key/),
      expect.stringMatching(/^WORLDFIRST_PUBLIC_KEY cannot be used: this is an RSA private key/),
    ]);
    const body = partner.privateKey.split('\n')[1] ?? '';
    for (const line of found) expect(line).not.toContain(body);
  });

  test('that are not keys at all are refused', () => {
    expect(inWorker({ WORLDFIRST_PRIVATE_KEY: 'hunter2hunter2' })).toEqual([
      expect.not.stringContaining('hunter2'),
    ]);
  });

  test("cause a warning where WorldFirst's public key is the partner's own", () => {
    const { warnings } = readWorkerConfig({ ...COMPLETE, WORLDFIRST_PUBLIC_KEY: partner.publicKey });
    expect(warnings).toEqual([expect.stringContaining('your own public key')]);
  });
});

describe('the time limit of a call', () => {
  test.each(['1s', '50s', '1500ms'])('%s is accepted', (limit) => {
    expect(inWorker({ WORLDFIRST_TIMEOUT: limit })).toEqual([]);
  });
  test.each(['51s', '0s', '30', '-1s', 'soon', '1m'])('%s is refused', (limit) => {
    expect(inWorker({ WORLDFIRST_TIMEOUT: limit })).toEqual([
      expect.stringMatching(/^WORLDFIRST_TIMEOUT must be an interval from/),
    ]);
  });
});

describe('WORLDFIRST_MAX_CLOCK_SKEW', () => {
  test('bounds the difference between the time of an answer and the clock', () => {
    expect(readWorkerConfig(COMPLETE).worldfirst.maxClockSkew).toBe(900_000);
    const { worldfirst: options } = readWorkerConfig({ ...COMPLETE, WORLDFIRST_MAX_CLOCK_SKEW: '1d' });
    expect(options.maxClockSkew).toBe(86_400_000);
  });

  test.each(['0s', '15', '-1m', 'long'])('%s is refused', (skew) => {
    expect(inWorker({ WORLDFIRST_MAX_CLOCK_SKEW: skew })).toEqual([
      expect.stringMatching(/^WORLDFIRST_MAX_CLOCK_SKEW must be an interval/),
    ]);
  });
});

describe('WORLDFIRST_CALLS_PER_SECOND', () => {
  test.each(['1', '2.5', '1000'])('%s is accepted', (limit) => {
    const config = readWorkerConfig({ ...COMPLETE, WORLDFIRST_CALLS_PER_SECOND: limit });
    expect(config.callsPerSecond).toBe(Number(limit));
  });

  test('sets no limit when absent', () => {
    expect(readWorkerConfig(COMPLETE)).not.toHaveProperty('callsPerSecond');
  });

  test.each(['0', '0.5', '-1', '1001', 'many', '1e9', 'Infinity'])('%s is refused', (limit) => {
    expect(inWorker({ WORLDFIRST_CALLS_PER_SECOND: limit })).toEqual([
      `WORLDFIRST_CALLS_PER_SECOND must be a number from 1 to 1000, and is "${limit}"`,
    ]);
  });
});

describe('REFUND_CACHE_MEGABYTES', () => {
  test.each([
    ['1', 5],
    ['0.5', undefined],
    ['64', 320],
    ['10000', 50_000],
    ['10001', undefined],
    ['much', undefined],
    ['-5', undefined],
  ])('%s is room for so many refunds: %j', (megabytes, refunds) => {
    const env = { ...COMPLETE, REFUND_CACHE_MEGABYTES: megabytes };
    if (refunds !== undefined) expect(readWorkerConfig(env).maxCachedWorkflows).toBe(refunds);
    else
      expect(inWorker({ REFUND_CACHE_MEGABYTES: megabytes })).toEqual([
        `REFUND_CACHE_MEGABYTES must be a number from 1 to 10000, and is "${megabytes}"`,
      ]);
  });

  test('is 100 when absent', () => {
    expect(readWorkerConfig(COMPLETE).maxCachedWorkflows).toBe(500);
  });
});

describe('variables with intervals', () => {
  test('are read as lists separated by commas', () => {
    const { defaults } = readRefundConfig({
      REFUND_INQUIRY_INTERVALS: '1s, 2s',
      REFUND_SETTLEMENT_INTERVALS: '0s,1d',
    });
    expect(defaults).toEqual({ inquiryIntervals: ['1s', '2s'], settlementIntervals: ['0s', '1d'] });
  });

  test('set nothing when absent', () => {
    expect(readRefundConfig({})).toEqual({ taskQueue: 'worldfirst-refunds', defaults: {}, warnings: [] });
  });

  test.each(['5', '1m,,2m', '1m,2x', '1m,1m,1m,1m,1m,1m,1m,1m'])('refuse %s for inquiries', (list) => {
    expect(mistakes(() => readRefundConfig({ REFUND_INQUIRY_INTERVALS: list }))).toEqual([
      expect.stringMatching(/^REFUND_INQUIRY_INTERVALS must be intervals separated by commas/),
    ]);
  });
});

test('a misspelt variable causes a warning with the name that was probably meant', () => {
  const { warnings } = readWorkerConfig({ ...COMPLETE, WORLDFIRST_TIMEOUTS: '1s', WORLDFIRST_REGION: 'eu' });
  expect(warnings).toEqual(['WORLDFIRST_TIMEOUTS is not a known variable. Did you mean WORLDFIRST_TIMEOUT?']);
});

test('a client is warned as well: without its keys it lists and starts refunds in clear', () => {
  const config = readRefundConfig({ REFUND_REFERENCE_KEY: 'a:b', TEMPORAL_ADRESS: 'temporal:7233' });
  expect(config.warnings).toEqual([
    'REFUND_REFERENCE_KEY is not a known variable. Did you mean REFUND_REFERENCE_KEYS?',
    'TEMPORAL_ADRESS is not a known variable. Did you mean TEMPORAL_ADDRESS?',
  ]);
  const emit = vi.spyOn(process, 'emitWarning').mockReturnValue();
  new RefundClient({} as Client, config);
  expect(emit.mock.calls).toEqual(config.warnings.map((warning) => [warning, 'RefundConfigWarning']));
  emit.mockRestore();
});

describe.skipIf(process.platform === 'win32')('the file of a key', () => {
  const warningsAt = async (privateMode: number, publicMode: number) => {
    await Promise.all([chmod(file('private.pem'), privateMode), chmod(file('old.pem'), publicMode)]);
    const { WORLDFIRST_BASE_URL, WORLDFIRST_CLIENT_ID } = COMPLETE;
    return readWorkerConfig({
      WORLDFIRST_BASE_URL,
      WORLDFIRST_CLIENT_ID,
      WORLDFIRST_PRIVATE_KEY_FILE: file('private.pem'),
      WORLDFIRST_PUBLIC_KEY_FILE: `${file('old.pem')},${file('old.pem')}`,
    }).warnings;
  };

  test.each([
    ['600', '644'],
    ['400', '444'],
    ['700', '600'],
  ])('causes no warning with the modes %s (private) and %s (public)', async (...modes) => {
    const [privateMode = 0, publicMode = 0] = modes.map((mode) => Number.parseInt(mode, 8));
    expect(await warningsAt(privateMode, publicMode)).toEqual([]);
  });

  test.each(['644', '640', '604', '602', '601'])(
    'causes one warning with file, mode and remedy for a private key of mode %s',
    async (mode) => {
      expect(await warningsAt(Number.parseInt(mode, 8), 0o644)).toEqual([
        `WORLDFIRST_PRIVATE_KEY_FILE: ${file('private.pem')} has the mode ${mode}: others on this machine can read your private key. Restrict it: chmod 600 ${file('private.pem')}`,
      ]);
    },
  );

  test.each(['664', '646'])(
    'causes a warning when others can change a public key (mode %s)',
    async (mode) => {
      expect(await warningsAt(0o600, Number.parseInt(mode, 8))).toEqual([
        expect.stringMatching(/^WORLDFIRST_PUBLIC_KEY_FILE: .*old\.pem has the mode 6.*replace.*chmod 600/),
      ]);
    },
  );

  test('causes no warning on Windows, which has no such modes', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    onTestFinished(() => void Object.defineProperty(process, 'platform', platform));
    expect(await warningsAt(0o666, 0o666)).toEqual([]);
  });

  test('is checked behind a symbolic link', async () => {
    await chmod(file('private.pem'), 0o644);
    await symlink(file('private.pem'), file('link.pem'));
    const { WORLDFIRST_PRIVATE_KEY: _, ...others } = COMPLETE;
    const { warnings } = readWorkerConfig({ ...others, WORLDFIRST_PRIVATE_KEY_FILE: file('link.pem') });
    expect(warnings).toEqual([expect.stringContaining(`${file('link.pem')} has the mode 644`)]);
  });
});

test('a proxy of the environment that cannot be used is named, and its password is not shown', () => {
  for (const [name, value] of [
    ['no_proxy', ''],
    ['https_proxy', ''],
    ['HTTPS_PROXY', 'socks5://ana:hunter2@proxy.example:1080'],
  ] as const)
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(inWorker({})).toEqual([
    expect.stringMatching(/^WORLDFIRST_BASE_URL is reached through HTTPS_PROXY, which must be an address/),
  ]);
  expect(inWorker({}).join()).not.toContain('hunter2');
});
