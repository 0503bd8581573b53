import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { readRefundConfig } from '../../worker/refund-config.js';
import { readWorkerConfig } from '../../worker/worker-config.js';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const COMPLETE = {
  WORLDFIRST_BASE_URL: 'https://open-sea.worldfirst.com',
  WORLDFIRST_CLIENT_ID: '5J5Y60382Z3SLV02387',
  WORLDFIRST_PRIVATE_KEY: pair().privateKey,
  WORLDFIRST_PUBLIC_KEY: pair().publicKey,
};
const URL = 'https://example.com/refunds?token=hunter2';
const SECRET = `whsec_${Buffer.alloc(32, 'hunter2').toString('base64')}`;
const WEBHOOK = { REFUND_ATTENTION_WEBHOOK_URL: URL, REFUND_ATTENTION_WEBHOOK_SECRET: SECRET };

const configWith = (changes: NodeJS.ProcessEnv) => readWorkerConfig({ ...COMPLETE, ...changes });

/** What is said of mistakes: every line, and the whole message. */
function mistakes(read: () => unknown): { lines: string[]; message: string } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { lines: error.issues.map(({ path, message }) => `${path} ${message}`), message: error.message };
  }
  return { lines: [], message: '' };
}

test('the attention webhook is used when URL and secret are set', () => {
  const { notifyAttention, warnings } = configWith(WEBHOOK);
  expect(notifyAttention).toBeTypeOf('function');
  expect(warnings).toEqual([]);
});

test('there is no attention webhook when URL and secret are absent or empty', () => {
  expect(configWith({})).not.toHaveProperty('notifyAttention');
  const empty = { REFUND_ATTENTION_WEBHOOK_URL: '', REFUND_ATTENTION_WEBHOOK_SECRET: ' ' };
  expect(configWith(empty)).not.toHaveProperty('notifyAttention');
});

test('the configuration of the attention webhook can be logged without showing a secret', () => {
  const { notifyAttention, warnings } = configWith(WEBHOOK);
  expect(JSON.stringify({ notifyAttention: { ...notifyAttention }, warnings })).not.toMatch(/whsec|hunter2/);
  expect(String(notifyAttention)).not.toMatch(/hunter2/);
});

test('the URL of the attention webhook without its secret is refused, and the other way round', () => {
  expect(mistakes(() => configWith({ REFUND_ATTENTION_WEBHOOK_URL: URL })).lines).toEqual([
    'REFUND_ATTENTION_WEBHOOK_SECRET is not set: set it to the secret that signs the notices, or remove REFUND_ATTENTION_WEBHOOK_URL',
  ]);
  expect(mistakes(() => configWith({ REFUND_ATTENTION_WEBHOOK_SECRET: SECRET })).lines).toEqual([
    'REFUND_ATTENTION_WEBHOOK_URL is not set: set it to the URL of the webhook, or remove REFUND_ATTENTION_WEBHOOK_SECRET',
  ]);
});

test.each([
  [
    'a text that is not a URL',
    { REFUND_ATTENTION_WEBHOOK_URL: 'example.com/hunter2' },
    'REFUND_ATTENTION_WEBHOOK_URL must be a URL',
  ],
  [
    'a URL of another kind',
    { REFUND_ATTENTION_WEBHOOK_URL: 'ftp://example.com/hunter2' },
    'REFUND_ATTENTION_WEBHOOK_URL must be a URL',
  ],
  [
    'a URL with a password',
    { REFUND_ATTENTION_WEBHOOK_URL: 'https://ana:hunter2@example.com' },
    'REFUND_ATTENTION_WEBHOOK_URL must not contain a user name',
  ],
  [
    'a secret without its prefix',
    { REFUND_ATTENTION_WEBHOOK_SECRET: 'hunter2'.repeat(6) },
    'REFUND_ATTENTION_WEBHOOK_SECRET must be whsec_ and',
  ],
  [
    'a secret that is too short',
    { REFUND_ATTENTION_WEBHOOK_SECRET: 'whsec_hunter2=' },
    'REFUND_ATTENTION_WEBHOOK_SECRET must be whsec_ and',
  ],
])('%s of the attention webhook is refused in one line without repeating it', (_, changes, expected) => {
  const { lines, message } = mistakes(() => configWith({ ...WEBHOOK, ...changes }));
  expect(lines).toEqual([expect.stringContaining(expected)]);
  expect(lines[0]).not.toContain('\n');
  expect(message).not.toMatch(/hunter2|whsec_[\w+/]/);
});

test('mistakes in the variables of the attention webhook are named together with all others', () => {
  const changes = {
    REFUND_ATTENTION_WEBHOOK_URL: 'x',
    REFUND_ATTENTION_WEBHOOK_SECRET: 'y',
    REFUND_ATTENTION_REMINDER: 'z',
    WORLDFIRST_CLIENT_ID: '',
  };
  const names = mistakes(() => configWith(changes)).lines.map((line) => line.split(' ')[0]);
  expect(names.sort()).toEqual(Object.keys(changes).sort());
});

test('plain http of the attention webhook causes a warning, except for this machine', () => {
  const warnings = (url: string) => configWith({ ...WEBHOOK, REFUND_ATTENTION_WEBHOOK_URL: url }).warnings;
  expect(warnings('http://example.com/hunter2')).toEqual([
    'REFUND_ATTENTION_WEBHOOK_URL is plain http: anyone on the network can read the notices.',
  ]);
  expect(warnings('http://127.0.0.1:8080/refunds')).toEqual([]);
  expect(warnings('http://localhost:8080')).toEqual([]);
  expect(warnings('http://[::1]:8080')).toEqual([]);
});

test('the interval of the attention reminder is an option for starting refunds', () => {
  const options = (text?: string) => readRefundConfig({ REFUND_ATTENTION_REMINDER: text }).defaults;
  expect(options('2h')).toEqual({ remindAfter: '2h' });
  expect(options('0s')).toEqual({ remindAfter: '0s' });
  expect(options()).toEqual({});
});

test.each(['daily', '24', '-1h', '1h,2h', '2y'])('an attention reminder after %j is refused', (text) => {
  const changes = { REFUND_ATTENTION_REMINDER: text };
  const line = `REFUND_ATTENTION_REMINDER must be an interval such as 24h, or 0s for none, and is "${text}"`;
  expect(mistakes(() => readRefundConfig(changes)).lines).toEqual([line]);
  expect(mistakes(() => configWith(changes)).lines).toEqual([line]);
});

test('misspelt variables of the attention webhook cause a warning with the right name', () => {
  expect(
    configWith({ REFUND_ATTENTION_WEBHOOK_URI: URL, REFUND_ATTENTION_REMINDERS: '1h' }).warnings,
  ).toEqual([
    'REFUND_ATTENTION_WEBHOOK_URI is not a known variable. Did you mean REFUND_ATTENTION_WEBHOOK_URL?',
    'REFUND_ATTENTION_REMINDERS is not a known variable. Did you mean REFUND_ATTENTION_REMINDER?',
  ]);
});
