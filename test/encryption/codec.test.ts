import { createDecipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, EncryptionCodec, PayloadNotReadableError } from '../../encryption/index.js';
import { contentOf, metadataOf, newKey, plainPayload } from './fixtures.js';

const [old, current] = [newKey('2025'), newKey('2026')];
const codec = new EncryptionCodec([current, old]);

async function encrypted(value: unknown, by = codec): Promise<Payload> {
  const [payload] = await by.encode([plainPayload(value)]);
  return payload as Payload;
}

async function errorOf(call: Promise<unknown>): Promise<PayloadNotReadableError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PayloadNotReadableError);
  return error as PayloadNotReadableError;
}

describe('an encrypted payload', () => {
  test('decodes to the payload that was encoded, its own metadata included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            data: fc.uint8Array({ maxLength: 300 }),
            metadata: fc.dictionary(fc.string(), fc.uint8Array({ maxLength: 20 })),
          }),
        ),
        async (payloads) => {
          const decoded = await codec.decode(await codec.encode(payloads));
          expect(decoded.map(plain)).toEqual(payloads.map(plain));
        },
      ),
    );
  });

  test('holds none of its content in readable form', async () => {
    const payload = await encrypted({ tradeId: 'trade-4711' });
    expect(inspect(payload, { depth: 9 })).not.toContain('trade');
    expect(Buffer.from(payload.data ?? []).includes('trade-4711')).toBe(false);
    expect(Object.keys(payload.metadata ?? {})).toEqual([
      'encoding',
      'encryption-cipher',
      'encryption-key-id',
    ]);
  });

  test('has the documented layout, so that a codec in another language can read it', async () => {
    const payload = await encrypted('ten dollars');
    const aad = ['encoding', 'encryption-cipher', 'encryption-key-id'].map((name) =>
      metadataOf(payload, name),
    );
    expect(aad).toEqual(['binary/encrypted', 'AES-256-GCM', '2026']);
    const data = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv('aes-256-gcm', current.key, data.subarray(0, 12));
    decipher.setAAD(Buffer.from(aad.join('\n'))).setAuthTag(data.subarray(data.length - 16));
    const message = Buffer.concat([decipher.update(data.subarray(12, data.length - 16)), decipher.final()]);
    expect(contentOf(proto.temporal.api.common.v1.Payload.decode(message))).toBe('ten dollars');
  });

  test('is another one each time, so that equal contents cannot be recognised', async () => {
    const [first, second] = [await encrypted('same'), await encrypted('same')];
    expect(Buffer.from(first.data ?? []).equals(second.data ?? new Uint8Array())).toBe(false);
  });
});

describe('rotation', () => {
  test('the first key encrypts, and every key decrypts', async () => {
    const before = await encrypted('before', new EncryptionCodec([old]));
    const after = await encrypted('after');
    expect(metadataOf(after, 'encryption-key-id')).toBe('2026');
    expect((await codec.decode([before, after])).map(contentOf)).toEqual(['before', 'after']);
  });

  test('a key that is missing is named, together with those that are there', async () => {
    const error = await errorOf(new EncryptionCodec([old]).decode([await encrypted('new')]));
    expect(error).toMatchObject({ code: 'PAYLOAD_NOT_READABLE' });
    expect(error.message).toContain('encrypted with the key "2026", and the keys here are 2025');
  });

  test('another key of the same id is refused', async () => {
    const error = await errorOf(new EncryptionCodec([newKey('2026')]).decode([await encrypted('x')]));
    expect(error.message).toContain('the key of that id here does not decrypt it');
  });
});

describe('a payload that was changed is refused', () => {
  const change = async (alter: (payload: Payload, data: Buffer) => Payload) => {
    const payload = await encrypted({ value: 100 });
    const altered = alter(payload, Buffer.from(payload.data ?? []));
    return errorOf(codec.decode([altered]));
  };

  test.each([
    ['in its nonce', 0],
    ['in its ciphertext', 12],
    ['in its tag', -1],
  ])('%s', async (_, index) => {
    const error = await change((payload, data) => {
      const at = index < 0 ? data.length + index : index;
      data.writeUInt8(data.readUInt8(at) ^ 1, at);
      return { ...payload, data };
    });
    expect(error.message).toContain('Nothing of it was used');
    expect(error.message).toContain('"2026"');
  });

  test.each([0, 4, 12, 16, 27])('cut to %i bytes', async (length) => {
    await change((payload, data) => ({ ...payload, data: data.subarray(0, length) }));
  });

  test('without data', async () => {
    await change(({ metadata }) => ({ metadata }) as Payload);
  });

  test('in its key id, also where the other id has the same key', async () => {
    const twice = new EncryptionCodec([current, { id: 'alias', key: current.key }]);
    const payload = await encrypted('x');
    const metadata = { ...payload.metadata, 'encryption-key-id': Buffer.from('alias') };
    const error = await errorOf(twice.decode([{ ...payload, metadata }]));
    expect(error.message).toContain('"alias"');
  });
});

test('a payload that was never encrypted is decoded to itself', async () => {
  const payload = plainPayload({ plain: true });
  expect(await codec.decode([payload])).toEqual([payload]);
});

test('no error and no inspection of a codec shows a key', async () => {
  const error = await errorOf(new EncryptionCodec([newKey('2026')]).decode([await encrypted('x')]));
  const shown = [inspect(codec, { depth: 9, showHidden: true }), inspect(error), JSON.stringify(codec)];
  for (const encoding of ['hex', 'base64', 'latin1'] as const)
    for (const text of shown) expect(text).not.toContain(current.key.export().toString(encoding));
});

test.each([
  ['no key', [], 'keys must hold at least one key'],
  ['an id with a blank', [newKey('a b')], 'entry 1 must have an id of 1 to 64 letters'],
  ['two keys of one id', [newKey('a'), newKey('a')], 'two keys have the id "a"'],
])('%s is a configuration error', (_, keys, message) => {
  expect(() => new EncryptionCodec(keys)).toThrow(ConfigurationError);
  expect(() => new EncryptionCodec(keys)).toThrow(message);
});

/** What counts of a payload. */
function plain({ data, metadata }: Payload) {
  return {
    data: Buffer.from(data ?? []),
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value)]),
    ),
  };
}
