import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporalConfig } from '../../client/temporal-config.js';
import { ConfigurationError } from '../../rules/configuration-error.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'temporal-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const NO_FILE = { TEMPORAL_CONFIG_FILE: path.join(tmpdir(), 'there-is-no-such-file.toml') };

test('without variables the address is that of the local server', () => {
  expect(temporalConfig(NO_FILE)).toEqual({ address: 'localhost:7233', namespace: 'default' });
});

test('an address without a port gets 7233', () => {
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_ADDRESS: 'temporal.example.com' }).address).toBe(
    'temporal.example.com:7233',
  );
});

test('an empty variable counts as not set', () => {
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_ADDRESS: '', TEMPORAL_API_KEY: '' })).toEqual({
    address: 'localhost:7233',
    namespace: 'default',
  });
});

test('an API key enables TLS', () => {
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_API_KEY: 'k' })).toMatchObject({ apiKey: 'k', tls: true });
});

test('a value of TEMPORAL_TLS other than true or false is refused', () => {
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_TLS: 'true' }).tls).toBeTruthy();
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'k' }).tls).toBe(false);
  expect(() => temporalConfig({ ...NO_FILE, TEMPORAL_TLS: 'yes' })).toThrow(
    /TEMPORAL_TLS must be true or false/,
  );
});

test("a profile of Temporal's configuration file is read, and a missing one is refused", async () => {
  const file = path.join(folder, 'temporal.toml');
  await writeFile(file, '[profile.eu]\naddress = "eu.example.com:7233"\nnamespace = "payments"\n');
  const env = { TEMPORAL_CONFIG_FILE: file };
  expect(temporalConfig({ ...env, TEMPORAL_PROFILE: 'eu' })).toEqual({
    address: 'eu.example.com:7233',
    namespace: 'payments',
  });
  expect(() => temporalConfig({ ...env, TEMPORAL_PROFILE: 'us' })).toThrow(/Profile 'us' not found/);
});

test('a damaged configuration file is refused without showing its content', async () => {
  const file = path.join(folder, 'damaged.toml');
  await writeFile(file, '[profile.default]\napi_key = "topsecret\n');
  const read = () => temporalConfig({ TEMPORAL_CONFIG_FILE: file });
  expect(read).toThrow(/configuration/);
  expect(read).not.toThrow(/topsecret/);
});

test('a certificate that cannot be read is refused', () => {
  const env = { ...NO_FILE, TEMPORAL_TLS_SERVER_CA_CERT_PATH: path.join(folder, 'nowhere.pem') };
  expect(() => temporalConfig(env)).toThrow(/nowhere\.pem/);
});

test.each([
  ['temporal.example.com', 'temporal.example.com:7233'],
  ['temporal.example.com:7233/', 'temporal.example.com:7233'],
  [' temporal.example.com:7233\n', 'temporal.example.com:7233'],
  ['"temporal.example.com:7233"', 'temporal.example.com:7233'],
  ['temporal.example.com/', 'temporal.example.com:7233'],
  ['10.0.0.7', '10.0.0.7:7233'],
  ['::1', '[::1]:7233'],
  ['2001:db8::7', '[2001:db8::7]:7233'],
  ['[::1]', '[::1]:7233'],
  ['[::1]:17233/', '[::1]:17233'],
])('the address %j is read as %s', (given, address) => {
  expect(temporalConfig({ ...NO_FILE, TEMPORAL_ADDRESS: given }).address).toBe(address);
});

test.each([
  [
    'https://temporal.example.com:7233',
    /must be host and port.* Leave out https:\/\/, and set TEMPORAL_TLS=true/,
  ],
  ['http://localhost:7233/', /must be host and port.* Leave out http:\/\/\./],
  ['temporal.example.com:7233/namespaces', /must be host and port/],
  ['temporal example com', /must be host and port/],
  ['localhost:', /must be host and port/],
  ['localhost:70000', /must be host and port/],
  ['localhost:0', /must be host and port/],
  ['[temporal]:7233', /must be host and port/],
  ['::1:7233', /may or may not end with a port: write \[::1\]:7233/],
])('the address %j is a mistake that is named', (given, sentence) => {
  const read = () => temporalConfig({ ...NO_FILE, TEMPORAL_ADDRESS: given });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(sentence);
  expect(read).toThrow(/TEMPORAL_ADDRESS/);
});

test('credentials in an address are not repeated', () => {
  const read = () =>
    temporalConfig({ ...NO_FILE, TEMPORAL_ADDRESS: 'https://ana:topsecret@temporal.example.com' });
  expect(read).toThrow(/must be host and port/);
  expect(read).not.toThrow(/topsecret/);
});

test('blanks and quotes around the value of a variable are left out', () => {
  expect(
    temporalConfig({
      ...NO_FILE,
      TEMPORAL_NAMESPACE: '"payments" ',
      TEMPORAL_API_KEY: 'key\n',
      TEMPORAL_TLS: ' true',
    }),
  ).toMatchObject({ namespace: 'payments', apiKey: 'key', tls: expect.anything() });
});
