import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkedKey, KeyError, privateKeyFrom, publicKeysFrom } from '../../worldfirst/keys.js';
import vectors from './vectors/throw-away-test-key.json' with { type: 'json' };

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'spki' | 'sec1') =>
  key.export({ type, format: 'pem' } as { type: 'pkcs1'; format: 'pem' }) as string;
const bare = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'spki' | 'sec1') =>
  (key.export({ type, format: 'der' } as { type: 'pkcs1'; format: 'der' }) as Buffer).toString('base64');
const lines = (text: string) => `  ${text.replaceAll(/(.{64})/g, '$1\r\n\t')}\n`;

describe('a private key', () => {
  it.each([
    ['PEM, PKCS#8', pem(rsa.privateKey, 'pkcs8')],
    ['PEM, PKCS#1', pem(rsa.privateKey, 'pkcs1')],
    [
      'PEM with Windows line ends and blanks around it',
      `\n ${pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\r\n')} `,
    ],
    ['PEM on one line of an environment file', pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\\n')],
    [
      'PEM on one line, after words that would look like a key without the line breaks',
      `MI\\nabcdefghijklmnopqrstuvwxyz0123456789\\n${pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\\n')}`,
    ],
    [
      'PEM with its line breaks escaped three times',
      pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\\\\\\n'),
    ],
    [
      'bare base64 with escaped characters',
      bare(rsa.privateKey, 'pkcs8').replaceAll('/', '\\/').replaceAll('+', '\\\\u002B'),
    ],
    ['base64 of a PEM', Buffer.from(pem(rsa.privateKey, 'pkcs8')).toString('base64')],
    [
      'base64 of PEM after an explanation',
      Buffer.from(`our key:\n${pem(rsa.privateKey, 'pkcs8')}`).toString('base64'),
    ],
    ['base64 of bare base64', Buffer.from(bare(rsa.privateKey, 'pkcs8')).toString('base64')],
    ['bare base64, PKCS#8', bare(rsa.privateKey, 'pkcs8')],
    ['bare base64, PKCS#1', bare(rsa.privateKey, 'pkcs1')],
    ['bare base64 with blanks and line breaks', lines(bare(rsa.privateKey, 'pkcs8'))],
  ])('is read from %s', (_, text) => {
    expect(privateKeyFrom(text).equals(rsa.privateKey)).toBe(true);
  });

  it('is read as openssl writes it', () => {
    const { privateKeyPkcs8, privateKeyPkcs1 } = vectors.throwAwayTestKey;
    expect(privateKeyFrom(privateKeyPkcs8).equals(privateKeyFrom(privateKeyPkcs1))).toBe(true);
  });

  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  it.each([
    ['an RSA public key', pem(rsa.publicKey, 'spki')],
    ['an RSA public key', bare(rsa.publicKey, 'spki')],
    ['an RSA public key', bare(rsa.publicKey, 'pkcs1')],
    ['an EC private key', pem(ec.privateKey, 'sec1')],
    ['an EC private key', bare(ec.privateKey, 'pkcs8')],
    ['an encrypted key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }) as string],
    ['an encrypted key', rsa.privateKey.export({ type: 'pkcs1', format: 'pem', ...encrypted }) as string],
    [
      'an encrypted key',
      rsa.privateKey.export({ type: 'pkcs8', format: 'der', ...encrypted }).toString('base64'),
    ],
    ['an EC key', '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'],
    ['OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n'],
    [
      'an RSA-PSS private key',
      pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey, 'pkcs8'),
    ],
    ['an incomplete PEM block', pem(rsa.privateKey, 'pkcs8').slice(0, 600)],
    ['an incomplete PEM block', pem(rsa.privateKey, 'pkcs8').slice(600)],
    ['not a key', bare(rsa.privateKey, 'pkcs8').slice(0, 600)],
    ['not a key', '/etc/worldfirst/key'],
    ['not base64', './partner-private.pem'],
    ['512 bits', pem(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey, 'pkcs8')],
    ['2 keys', pem(rsa.privateKey, 'pkcs8') + pem(other.privateKey, 'pkcs8')],
    ['empty', ' \n'],
  ])('that is really %s is refused by that name', (what, text) => {
    const refusal = errorOf(() => privateKeyFrom(text));
    expect(refusal).toBeInstanceOf(KeyError);
    expect(refusal.message).toContain(what);
  });

  const EXPECTED =
    'An RSA private key is expected: PEM (PKCS#8 or PKCS#1), or the bare base64 that the portal shows.';
  const MAKE_RSA =
    'Only RSA keys can be used. Create one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem.';
  it.each([
    ['', `The text is empty. ${EXPECTED}`],
    ['===', `The text is empty. ${EXPECTED}`],
    ['not a key!', `This is not base64. ${EXPECTED}`],
    ['bm8ga2V5===', `This is not base64. ${EXPECTED}`],
    ['-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----', `This is not base64. ${EXPECTED}`],
    ['bm8ga2V5', `This is base64, but not a key (or it is the name of a file). ${EXPECTED}`],
    [
      pem(rsa.privateKey, 'pkcs8') + pem(other.privateKey, 'pkcs8'),
      `These are 2 keys. Exactly one is expected. ${EXPECTED}`,
    ],
    [
      pem(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey, 'pkcs8'),
      'This is an RSA key of 512 bits. Use 2048 or more.',
    ],
    [
      pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8'),
      `This is an Ed25519 private key. ${MAKE_RSA} ${EXPECTED}`,
    ],
    [
      pem(generateKeyPairSync('x25519').privateKey, 'pkcs8'),
      `This is a x25519 private key. ${MAKE_RSA} ${EXPECTED}`,
    ],
    [
      rsa.privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }) as string,
      `This is an encrypted key, which needs a passphrase. Decrypt it with: openssl pkey -in FILE -out key.pem. ${EXPECTED}`,
    ],
  ])('%#: the error names the given text and the expected one', (text, sentence) => {
    const refusal = errorOf(() => privateKeyFrom(text));
    expect(refusal).toMatchObject({ name: 'KeyError', message: sentence });
  });

  it('of 1024 bits is accepted', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(privateKeyFrom(pem(privateKey, 'pkcs8')).equals(privateKey)).toBe(true);
  });

  it('is never repeated in an error', () => {
    const text = pem(ec.privateKey, 'pkcs8');
    const { message } = errorOf(() => privateKeyFrom(text));
    for (const line of text.split('\n').filter((each) => each && !each.startsWith('-----'))) {
      expect(message).not.toContain(line);
    }
    expect(message).toContain('An RSA private key is expected');
  });
});

describe('public keys', () => {
  const [first, second] = [rsa.publicKey, other.publicKey];

  it.each([
    ['PEM, SPKI', pem(first, 'spki'), 1],
    ['PEM, PKCS#1', pem(first, 'pkcs1'), 1],
    ['bare base64, SPKI', bare(first, 'spki'), 1],
    ['bare base64, PKCS#1', bare(first, 'pkcs1'), 1],
    ['two PEM blocks', pem(first, 'spki') + pem(second, 'pkcs1'), 2],
    ['two PEM blocks with a comma', `${pem(first, 'spki')},\n${pem(second, 'spki')}`, 2],
    ['two bare ones with a comma', `${bare(first, 'spki')} , ${lines(bare(second, 'spki'))},`, 2],
    ['one of each', `${pem(first, 'spki')},${bare(second, 'pkcs1')}`, 2],
    [
      'bare ones around a PEM block',
      `${bare(second, 'spki')}${pem(first, 'spki')}${bare(second, 'pkcs1')}`,
      3,
    ],
  ])('are read from %s', (_, text, count) => {
    const keys = publicKeysFrom(text);
    expect(keys).toHaveLength(count);
    expect(keys[0]?.equals(first)).toBe(true);
    if (count === 2) expect(keys[1]?.equals(second)).toBe(true);
  });

  it.each([
    ['an RSA private key', pem(rsa.privateKey, 'pkcs8')],
    ['an RSA private key', bare(rsa.privateKey, 'pkcs1')],
    ['an EC public key', pem(ec.publicKey, 'spki')],
    ['empty', ','],
  ])('that are really %s are refused by that name', (what, text) => {
    expect(() => publicKeysFrom(text)).toThrow(what);
    expect(() => publicKeysFrom(text)).toThrow("WorldFirst's RSA public key is expected");
  });

  it('are all rejected if one of them is wrong', () => {
    expect(() => publicKeysFrom(`${bare(first, 'spki')},${bare(ec.publicKey, 'spki')}`)).toThrow(
      'an EC public key',
    );
  });
});

describe('a key object', () => {
  it('is used unchanged', () => {
    expect(checkedKey(rsa.privateKey, 'private')).toBe(rsa.privateKey);
    expect(checkedKey(rsa.publicKey, 'public')).toBe(rsa.publicKey);
  });

  const PUBLIC = "WorldFirst's RSA public key is expected: PEM, or the bare base64 that the portal shows.";
  it.each([
    [rsa.privateKey, `This is an RSA private key. ${PUBLIC}`],
    [ec.publicKey, `This is an EC public key. ${PUBLIC}`],
    [createSecretKey(Buffer.from('secret')), `This is a symmetric secret key. ${PUBLIC}`],
    [
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey,
      `This is an RSA-PSS public key. ${PUBLIC}`,
    ],
  ])('%#: is refused where it is another one', (key, sentence) => {
    expect(errorOf(() => checkedKey(key, 'public'))).toMatchObject({ name: 'KeyError', message: sentence });
  });

  it('is rejected as private key if it is public', () => {
    expect(() => checkedKey(rsa.publicKey, 'private')).toThrow(
      'This is an RSA public key. An RSA private key is expected',
    );
  });
});

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
