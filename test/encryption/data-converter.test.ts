import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CodecFailedError,
  ConfigurationError,
  PayloadNotReadableError,
  readDataConverter,
  toNodeListener,
} from '../../encryption/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { payloadsFromJson, payloadsToJson } from '../../encryption/payloads-json.js';
import { freePorts } from '../../testing/free-ports.js';
import { type Opened, opened } from '../support/loopback.js';
import { contentOf, metadataOf, plainPayload } from './fixtures.js';

const moduleFile = (name: string) => path.join(import.meta.dirname, 'modules', name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refund-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

function codecOf(converter: DataConverter | undefined): PayloadCodec {
  return converter?.payloadCodecs?.[0] as PayloadCodec;
}

function issuesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readDataConverter(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.issues.map(({ path: at, message }) => `${at} ${message}`);
  }
}

test('without any variable payloads are written as they are', () => {
  expect(readDataConverter({ REFUND_ENCRYPTION_KEYS: '  ', PATH: '/' })).toEqual({});
});

describe('keys', () => {
  test('REFUND_ENCRYPTION_KEYS encrypts with its first key', async () => {
    const converter = readDataConverter({
      REFUND_ENCRYPTION_KEYS: `${newKeyEntry('new')},${newKeyEntry('old')}`,
    });
    const [payload] = await codecOf(converter).encode([plainPayload('x')]);
    expect(metadataOf(payload as Payload, 'encryption-key-id')).toBe('new');
  });

  test('REFUND_ENCRYPTION_KEYS_FILE names a file with one key a line', async () => {
    const file = path.join(folder, 'keys');
    await writeFile(file, `${newKeyEntry('new')}\n${newKeyEntry('old')}\n`, { mode: 0o600 });
    await chmod(file, 0o600);
    const [payload] = await codecOf(readDataConverter({ REFUND_ENCRYPTION_KEYS_FILE: file })).encode([
      plainPayload('x'),
    ]);
    expect(metadataOf(payload as Payload, 'encryption-key-id')).toBe('new');
  });

  test('a key in place of a file name is a mistake that does not repeat it', () => {
    const entry = newKeyEntry('new');
    const issues = issuesOf({ REFUND_ENCRYPTION_KEYS_FILE: entry });
    expect(issues).toEqual([
      'REFUND_ENCRYPTION_KEYS_FILE contains a key, not a file name: put the key into REFUND_ENCRYPTION_KEYS',
    ]);
  });

  test('every mistake is named, and no key is repeated', () => {
    const entry = newKeyEntry('a');
    const issues = issuesOf({
      REFUND_ENCRYPTION_KEYS: `${entry},${entry},b:${entry.slice(4)}`,
      TEMPORAL_CODEC_ENDPOINT: 'codec.example.com',
    });
    expect(issues).toEqual([
      expect.stringContaining('REFUND_ENCRYPTION_KEYS cannot be used: entry 3 must be'),
      'REFUND_ENCRYPTION_KEYS cannot be used: two keys have the id "a": give each key an id of its own',
      'TEMPORAL_CODEC_ENDPOINT must be an address such as https://codec.example.com',
    ]);
    expect(issues.join()).not.toContain(entry.slice(4));
  });

  test('an authorization that no header can have is a mistake that is not repeated', () => {
    expect(
      issuesOf({
        TEMPORAL_CODEC_ENDPOINT: 'https://codec.example.com',
        TEMPORAL_CODEC_AUTH: 'Bearer 4711\nX',
      }),
    ).toEqual([
      'TEMPORAL_CODEC_AUTH must be visible ASCII characters on one line, such as Bearer and a token',
    ]);
  });

  test('failures are encoded too', () => {
    const { failureConverter, payloadConverter } = loadDataConverter(
      readDataConverter({ REFUND_ENCRYPTION_KEYS: newKeyEntry('a') }),
    );
    const failure = failureConverter.errorToFailure(new Error('trade-4711'), payloadConverter);
    expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
    expect(Buffer.from(failure.encodedAttributes?.data ?? []).toString()).toContain('trade-4711');
  });
});

describe('a module', () => {
  test.each(['codec.cjs', 'converter.mjs'])('%s is loaded, by its path', async (name) => {
    const codec = codecOf(readDataConverter({ REFUND_DATA_CONVERTER: moduleFile(name) }));
    const encoded = await codec.encode([plainPayload('x')]);
    expect(metadataOf(encoded[0] as Payload, 'encoding')).toBe('binary/marked');
    expect((await codec.decode(encoded)).map(contentOf)).toEqual(['x']);
  });

  test('a path counts from the working directory', () => {
    const relative = `./${path.relative(process.cwd(), moduleFile('codec.cjs'))}`;
    expect(codecOf(readDataConverter({ REFUND_DATA_CONVERTER: relative }))).toBeDefined();
  });

  test.each([
    ['is not there', './nowhere.cjs', 'was not found'],
    ['exports no dataConverter', 'node:path', 'exports no `dataConverter`'],
  ])('one that %s is a mistake', (_, name, why) => {
    const issues = issuesOf({ REFUND_DATA_CONVERTER: name });
    expect(issues).toEqual([expect.stringMatching(/^REFUND_DATA_CONVERTER names a module that /)]);
    expect(issues[0]).toContain(why);
    expect(issues[0]).toContain(name);
  });

  test('together with keys it is a mistake', () => {
    const env = { REFUND_DATA_CONVERTER: moduleFile('codec.cjs'), REFUND_ENCRYPTION_KEYS: newKeyEntry('a') };
    expect(issuesOf(env)).toEqual([
      'REFUND_DATA_CONVERTER and REFUND_ENCRYPTION_KEYS are both set: keep one of them',
    ]);
  });

  test('what its codec throws has a code, and says what it means', async () => {
    const codec = codecOf(readDataConverter({ REFUND_DATA_CONVERTER: moduleFile('broken.cjs') }));
    await expect(codec.encode([])).rejects.toThrow(CodecFailedError);
    await expect(codec.encode([])).rejects.toThrow('could not encode a payload: the key service is away');
    await expect(codec.decode([])).rejects.toThrow(PayloadNotReadableError);
  });
});

describe('a codec server', () => {
  const requests: { url: string; namespace: string | null; authorization: string | null }[] = [];
  let answer: (request: Request) => Response | Promise<Response>;
  let server: Opened;

  beforeAll(async () => {
    const listener = createServer(
      toNodeListener(async (request) => {
        const { url, headers } = request;
        const [namespace, authorization] = [headers.get('x-namespace'), headers.get('authorization')];
        requests.push({ url: new URL(url).pathname, namespace, authorization });
        return answer(request);
      }),
    );
    server = await opened(listener);
  });

  afterAll(() => server.close());

  const remote = (env: NodeJS.ProcessEnv = {}) =>
    codecOf(readDataConverter({ TEMPORAL_CODEC_ENDPOINT: `${server.url}/codec/{namespace}/`, ...env }));
  const echo = async (request: Request) => new Response(await request.text());
  const context = { type: 'workflow', namespace: 'payments', workflowId: 'refund:1' } as const;

  test('is asked as Temporal’s command line asks it', async () => {
    answer = echo;
    const codec = remote({ TEMPORAL_CODEC_AUTH: 'Bearer abc' });
    expect((await codec.encode([plainPayload('x')], context)).map(contentOf)).toEqual(['x']);
    await codec.decode([plainPayload('x')]);
    expect(requests.splice(0)).toEqual([
      { url: '/codec/payments/encode', namespace: 'payments', authorization: 'Bearer abc' },
      { url: '/codec/default/decode', namespace: 'default', authorization: 'Bearer abc' },
    ]);
  });

  test('is needed where there is an Authorization header for it', () => {
    expect(() => readDataConverter({ TEMPORAL_CODEC_AUTH: 'Bearer abc' })).toThrow(
      'TEMPORAL_CODEC_ENDPOINT is not set: set it to the address of the codec server, or remove TEMPORAL_CODEC_AUTH',
    );
  });

  test('is not asked about nothing, nor where keys are set', async () => {
    await remote().encode([], context);
    await remote({ REFUND_ENCRYPTION_KEYS: newKeyEntry('a') }).encode([plainPayload('x')], context);
    expect(requests).toEqual([]);
  });

  test.each([
    [
      'a refusal, with its reason',
      () => new Response('no such key\n', { status: 400 }),
      'answered 400: no such key',
    ],
    ['no JSON', () => new Response('<html>'), 'did not answer with 1 payloads'],
    ['fewer payloads', () => new Response('{"payloads":[]}'), 'did not answer with 1 payloads'],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { Location: '/' } }),
      'could not be reached',
    ],
  ])('that answers %s has failed', async (_, respond, why) => {
    answer = respond;
    await expect(remote().decode([plainPayload('x')], context)).rejects.toThrow(CodecFailedError);
    await expect(remote().decode([plainPayload('x')], context)).rejects.toThrow(why);
    requests.splice(0);
  });

  test('that is not there has failed', async () => {
    const [port] = await freePorts(1);
    const codec = remote({ TEMPORAL_CODEC_ENDPOINT: `http://127.0.0.1:${port}` });
    await expect(codec.encode([plainPayload('x')], context)).rejects.toThrow(
      `The codec server at 127.0.0.1:${port} could not be reached (ECONNREFUSED)`,
    );
  });

  test('may send payloads that have no data', async () => {
    answer = () => new Response('{"payloads":[{"metadata":{"encoding":"YmluYXJ5L251bGw="}}]}');
    expect((await remote().decode([plainPayload('x')], context)).map(contentOf)).toEqual([undefined]);
    requests.splice(0);
  });
});

test('payloads in JSON keep metadata and bytes', () => {
  const payload = { metadata: { encoding: Buffer.from('binary/plain') }, data: Buffer.from([0, 255, 10]) };
  const [read] = payloadsFromJson(payloadsToJson([payload])) ?? [];
  expect(Buffer.from(read?.data ?? []).equals(payload.data)).toBe(true);
  expect(metadataOf(read as Payload, 'encoding')).toBe('binary/plain');
});
