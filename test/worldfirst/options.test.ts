import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { issuesOf, sentencesOf } from '../../worldfirst/errors.js';
import { clientOptions } from '../../worldfirst/options.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const least = {
  baseUrl: 'https://open-sea.worldfirst.com',
  clientId: '5J',
  privateKey,
  publicKeys: publicKey,
};
const textOf = (key: typeof publicKey) => key.export({ type: 'spki', format: 'pem' }) as string;

describe('the options of a client', () => {
  it('have WorldFirst’s defaults', () => {
    expect(clientOptions.parse(least)).toEqual({
      baseUrl: new URL('https://open-sea.worldfirst.com'),
      pathPrefix: '/amsin/api/v1/business',
      clientId: '5J',
      privateKey,
      publicKeys: [publicKey],
      keyVersion: '2',
      timeout: 30_000,
      maxClockSkew: 900_000,
    });
  });

  it.each<[string, object, object]>([
    [
      'a URL with a port',
      { baseUrl: new URL('http://127.0.0.1:8080') },
      { baseUrl: new URL('http://127.0.0.1:8080') },
    ],
    ['a slash at the end of the path', { pathPrefix: '/a/b/' }, { pathPrefix: '/a/b' }],
    ['no path', { pathPrefix: '' }, { pathPrefix: '' }],
    ['a path of one slash', { pathPrefix: '/' }, { pathPrefix: '' }],
    [
      'a path with dots and tildes in its steps',
      { pathPrefix: '/v1.0/a..b/~c-d' },
      { pathPrefix: '/v1.0/a..b/~c-d' },
    ],
    ['a client id of any visible characters', { clientId: '!a~' }, { clientId: '!a~' }],
    ['a step of three dots', { pathPrefix: '/.../b' }, { pathPrefix: '/.../b' }],
    ['another version', { keyVersion: 'v1.2-x' }, { keyVersion: 'v1.2-x' }],
    ['the shortest time', { timeout: 1 }, { timeout: 1 }],
    ['the least play of a clock', { maxClockSkew: 1 }, { maxClockSkew: 1 }],
    ['the longest time', { timeout: 2_147_483_647 }, { timeout: 2_147_483_647 }],
    ['several keys', { publicKeys: [publicKey, textOf(other)] }, { publicKeys: [publicKey, other] }],
    [
      'several keys in a text',
      { publicKeys: textOf(publicKey) + textOf(other) },
      { publicKeys: [publicKey, other] },
    ],
  ])('may be %s', (_, given, taken) => {
    expect(clientOptions.parse({ ...least, ...given })).toMatchObject(taken);
  });

  const URL_EXPECTED =
    'baseUrl: must be scheme, host and port, such as https://open-sea.worldfirst.com; a path is the pathPrefix';
  const PATH_EXPECTED = 'pathPrefix: must be a path such as /amsin/api/v1/business';
  const NO_STEP = 'pathPrefix: must not contain . or .. as a step';
  const ID_EXPECTED = 'clientId: must be visible ASCII characters without blanks';
  const VERSION_EXPECTED = 'keyVersion: must be a version such as 2';
  const KEYS_EXPECTED = 'publicKeys: must be a key or its text, or a list of them';
  it.each<[string, object, string]>([
    ['no URL', { baseUrl: 'worldfirst.example' }, URL_EXPECTED],
    ['a URL with a path', { baseUrl: 'https://worldfirst.example/api' }, URL_EXPECTED],
    ['a URL with a password', { baseUrl: 'https://a:b@worldfirst.example' }, URL_EXPECTED],
    ['a URL with a query', { baseUrl: 'https://worldfirst.example/?a' }, URL_EXPECTED],
    ['another scheme', { baseUrl: 'ws://worldfirst.example' }, URL_EXPECTED],
    ['a scheme that begins like one', { baseUrl: 'httpsx://worldfirst.example/' }, URL_EXPECTED],
    ['nothing', { baseUrl: undefined }, URL_EXPECTED],
    ['a path without its slash', { pathPrefix: 'amsin' }, PATH_EXPECTED],
    ['a path with a query', { pathPrefix: '/a?b' }, PATH_EXPECTED],
    ['a path with two slashes', { pathPrefix: '/a//b' }, PATH_EXPECTED],
    ['a path with what a URL would escape', { pathPrefix: '/ä' }, PATH_EXPECTED],
    ['a step up', { pathPrefix: '/a/../b' }, NO_STEP],
    ['a step up at the end', { pathPrefix: '/a/..' }, NO_STEP],
    ['an invalid step', { pathPrefix: '/./b' }, NO_STEP],
    ['an id with a blank', { clientId: 'a b' }, ID_EXPECTED],
    ['an id with a blank before it', { clientId: ' a' }, ID_EXPECTED],
    ['an id with a line break', { clientId: 'a\n' }, ID_EXPECTED],
    ['an empty id', { clientId: '' }, ID_EXPECTED],
    ['a version that is more than that', { keyVersion: '2, signature=x' }, VERSION_EXPECTED],
    ['a version after something', { keyVersion: ';2' }, VERSION_EXPECTED],
    ['an empty version', { keyVersion: '' }, VERSION_EXPECTED],
    ['no key', { privateKey: 7 }, 'privateKey: must be a key or its text'],
    [
      'a key of another kind',
      { privateKey: createSecretKey(Buffer.from('s')) },
      'privateKey: This is a symmetric secret key. An RSA private key is expected',
    ],
    ['the other key of the two', { privateKey: publicKey }, 'privateKey: This is an RSA public key.'],
    [
      'the other key of the two, for WorldFirst',
      { publicKeys: privateKey },
      'publicKeys: This is an RSA private key.',
    ],
    ['a text that is no key', { publicKeys: ['hello'] }, 'publicKeys: This is '],
    ['no public key at all', { publicKeys: 7 }, KEYS_EXPECTED],
    ['an empty list of keys', { publicKeys: [] }, 'publicKeys: must '],
    ['no time', { timeout: 0 }, 'timeout: '],
    ['a time that would fire at once', { timeout: 2_147_483_648 }, 'timeout: '],
    ['half a millisecond', { timeout: 1.5 }, 'timeout: '],
    ['a clock without play', { maxClockSkew: 0 }, 'maxClockSkew: '],
    ['half a millisecond of play', { maxClockSkew: 1.5 }, 'maxClockSkew: '],
  ])('may not be %s', (_, given, sentence) => {
    const { error } = clientOptions.safeParse({ ...least, ...given });
    expect(error && sentencesOf(issuesOf(error))).toEqual([expect.stringContaining(sentence)]);
  });
});
