import { afterAll, beforeAll, expect, test } from 'vitest';
import { EncryptionCodec } from '../../encryption/index.js';
import { newKeyEntry, parseKeys } from '../../encryption/keys.js';
import { payloadsFromJson, payloadsToJson } from '../../encryption/payloads-json.js';
import { Cli, type Program } from '../cli/cli.js';
import { expectLoopbackOnly } from '../support/listening.js';
import { contentOf, plainPayload } from './fixtures.js';

const keys = newKeyEntry('2026');
const codec = new EncryptionCodec((parseKeys(keys) as { keys: [] }).keys);
const cli = new Cli({ REFUND_ENCRYPTION_KEYS: keys });
const TOKEN = 'a-token-of-20-letters';
const ORIGIN = 'http://localhost:8233';

let program: Program;
let url: string;

beforeAll(async () => {
  program = cli.start(['codec-server', '--port', '0', '--json', '--origin', ORIGIN]);
  ({ url } = JSON.parse(await program.prints()));
});

afterAll(() => cli.stop());

const decode = async (at: string, value: unknown, headers: Record<string, string> = {}) =>
  fetch(`${at}/decode`, {
    method: 'POST',
    headers,
    body: payloadsToJson(await codec.encode([plainPayload(value)])),
  });

test('it decodes with the keys of the environment, on loopback, and logs nothing of the payload', async () => {
  expectLoopbackOnly(program.child.pid, [Number(new URL(url).port)]);
  const response = await decode(url, 'trade-4711', { Origin: ORIGIN });
  expect(payloadsFromJson(await response.text())?.map(contentOf)).toEqual(['trade-4711']);
  expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  await program.says('200 decoded 1 payloads');
  expect((await decode(url, 'x', { Origin: 'https://evil.example' })).status).toBe(403);
});

test('with REFUND_CODEC_TOKEN each call must have the token', async () => {
  const guarded = cli.start(['codec-server', '--port', '0', '--json'], { REFUND_CODEC_TOKEN: TOKEN });
  const { url: at } = JSON.parse(await guarded.prints());
  expect((await decode(at, 'x')).status).toBe(401);
  expect((await decode(at, 'x', { Authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  await guarded.says('401 the Authorization header is missing or wrong');
  const { code, stderr } = await guarded.end('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).not.toContain(TOKEN);
});

test('a module of your own is served too, and a codec server of others is not asked', async () => {
  const env = { REFUND_ENCRYPTION_KEYS: '', TEMPORAL_CODEC_ENDPOINT: 'http://127.0.0.1:1' };
  const REFUND_DATA_CONVERTER = new URL('modules/codec.cjs', import.meta.url).pathname;
  const own = cli.start(['codec-server', '--port', '0', '--json'], { ...env, REFUND_DATA_CONVERTER });
  const { url: at } = JSON.parse(await own.prints());
  const encoded = await fetch(`${at}/encode`, { method: 'POST', body: payloadsToJson([plainPayload('x')]) });
  expect(Buffer.from(payloadsFromJson(await encoded.text())?.[0]?.data ?? []).toString()).toBe('"x" in code');
});

test.each([
  ['without keys', {}, { REFUND_ENCRYPTION_KEYS: '' }, 'REFUND_ENCRYPTION_KEYS is not set'],
  ['on all addresses without a token', { host: '0.0.0.0' }, {}, 'REFUND_CODEC_TOKEN is not set'],
  ['on a name without a token', { host: 'localhost.example' }, {}, 'REFUND_CODEC_TOKEN is not set'],
  [
    'with a token that can be guessed',
    {},
    { REFUND_CODEC_TOKEN: 'secret' },
    'at least 20 visible ASCII characters',
  ],
  [
    'with an origin that is none',
    { origin: 'temporal.example.com' },
    {},
    'origin must be scheme, host and port',
  ],
] as const)('%s: 2, and it does not listen', async (_, flags, env, why) => {
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const { code, stderr } = await cli.run(['codec-server', '--port', '0', ...args], { env });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(why) });
});
