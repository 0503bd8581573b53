import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeyError, privateKeyFrom, publicKeysFrom } from '../../worldfirst/keys.js';

/** Keys are made by the tools that people use, in a folder that goes away with the test. */
let folder = '';
const run = (command: string) =>
  execFileSync('bash', ['-c', `set -euo pipefail; ${command}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const text = (command: string) => run(command).toString();
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

const hasTools = spawnSync('bash', ['-c', 'type openssl iconv ssh-keygen']).status === 0;
const describeWithTools = describe.skipIf(!hasTools);

beforeAll(async () => {
  if (!hasTools) return;
  folder = await mkdtemp(path.join(tmpdir(), 'keys-'));
  run(`
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem
    openssl pkey -in key.pem -pubout -out public.pem
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out other.pem
    openssl pkey -in other.pem -pubout -out other-public.pem
    openssl req -x509 -key key.pem -subj /CN=ours -days 1 -out certificate.pem
    openssl req -x509 -key other.pem -subj /CN=other -days 1 -out other-certificate.pem
    openssl pkcs12 -export -inkey key.pem -in certificate.pem -certfile other-certificate.pem -name "the partner, 2026" -passout pass:secret -out store.p12
    openssl ecparam -name prime256v1 -genkey -out ec.pem
    openssl pkey -in key.pem -aes256 -passout pass:secret -out encrypted.pem
    openssl rsa -in key.pem -traditional -aes256 -passout pass:secret -out encrypted-pkcs1.pem`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bare = (pem: string) => pem.replaceAll(/-----.*-----|\s/g, '');
const escaped = (pem: string, slashes: string) => pem.replaceAll('\n', `${slashes}n`);

describeWithTools('the private key is read from', () => {
  test.each<[string, () => string]>([
    [
      'the output of openssl pkcs12, with bag attributes and certificates',
      () => text('openssl pkcs12 -in store.p12 -passin pass:secret -nodes'),
    ],
    ['the output of openssl rsa -text', () => text('openssl rsa -in key.pem -text')],
    ['PEM between explanations', () => `# our key, made 2026-11-01\n${read('key.pem')}# keep it secret\n`],
    [
      'PEM in double quotes, as an env-file of Docker passes it on',
      () => `"${escaped(read('key.pem'), '\\')}"`,
    ],
    ['PEM in single quotes', () => `'${read('key.pem')}'`],
    ['PEM with its line breaks escaped twice', () => escaped(read('key.pem'), '\\\\')],
    [
      'PEM with its line breaks escaped three times, in quotes',
      () => JSON.stringify(JSON.stringify(JSON.stringify(read('key.pem')))),
    ],
    ['PEM with Windows line breaks, escaped', () => read('key.pem').replaceAll('\n', '\\\\r\\\\n')],
    ['PEM with a byte order mark', () => `\uFEFF${read('key.pem')}`],
    ['PEM whose lines are indented', () => read('key.pem').replaceAll(/^/gm, '    ')],
    ['base64 of a whole PEM file', () => text('openssl base64 -A -in key.pem')],
    ['base64 of a whole PEM file, in lines', () => text('openssl base64 -in key.pem')],
    [
      'base64 of base64 of a whole PEM file, as a secret of Kubernetes may be',
      () => text('openssl base64 -A -in key.pem | openssl base64 -A'),
    ],
    [
      'base64 of a PKCS#12 output',
      () => text('openssl pkcs12 -in store.p12 -passin pass:secret -nodes | openssl base64'),
    ],
    ['bare base64 in quotes', () => `"${bare(read('key.pem'))}"`],
    [
      'bare base64 as JSON of PHP and of Gson escapes it',
      () =>
        bare(read('key.pem')).replaceAll('/', '\\/').replaceAll('=', '\\u003d').replaceAll('+', '\\u002B'),
    ],
    [
      'bare base64 without its padding',
      () => bare(text('openssl pkey -in other.pem -traditional')).replace(/=+$/, ''),
    ],
  ])('%s', (_, given) => {
    const expected = [read('key.pem'), read('other.pem')].map((pem) => createPrivateKey(pem));
    const found = privateKeyFrom(given());
    expect(expected.some((key) => key.equals(found))).toBe(true);
  });
});

describeWithTools('both public keys are read from', () => {
  const two = (between: string) => `${bare(read('public.pem'))}${between}${bare(read('other-public.pem'))}`;
  test.each<[string, () => string]>([
    ['bare base64 on two lines', () => two('\n')],
    ['bare base64 on two lines of Windows, with blanks', () => `${two(' \r\n\t')}\r\n`],
    ['bare base64 on two lines with an escaped line break', () => two('\\n')],
    [
      'bare base64 in lines of 64',
      () =>
        text(
          'openssl pkey -pubin -in public.pem -outform DER | openssl base64; openssl pkey -pubin -in other-public.pem -outform DER | openssl base64',
        ),
    ],
    ['bare base64, each in quotes', () => two('", "').replace(/^/, '"').replace(/$/, '"')],
    [
      'two PEM files of base64, one after the other',
      () => text('openssl base64 -in public.pem; openssl base64 -in other-public.pem'),
    ],
    [
      'PEM with explanations',
      () => text('openssl pkey -pubin -in public.pem -text; openssl rsa -pubin -in other-public.pem -text'),
    ],
    [
      'a PEM block and bare base64 after it',
      () => `${read('public.pem')}\n${bare(read('other-public.pem'))}`,
    ],
    [
      'what openssl x509 -pubkey writes',
      () => text('openssl x509 -pubkey -in certificate.pem; openssl x509 -pubkey -in other-certificate.pem'),
    ],
  ])('%s', (_, given) => {
    const [first, second] = publicKeysFrom(given());
    expect(first?.equals(createPublicKey(read('public.pem')))).toBe(true);
    expect(second?.equals(createPublicKey(read('other-public.pem')))).toBe(true);
  });

  test('two keys on two lines, as PKCS#1 with base64 padding, are read', () => {
    const pkcs1 = bare(text('openssl rsa -pubin -in other-public.pem -RSAPublicKey_out'));
    expect(pkcs1).toMatch(/=$/);
    expect(publicKeysFrom(`${pkcs1}\n${bare(read('public.pem'))}`)).toHaveLength(2);
  });

  test('three keys are read from three lines', () => {
    expect(publicKeysFrom(`${two('\n')}\n${bare(read('public.pem'))}`)).toHaveLength(3);
  });
});

describeWithTools('a list with an unreadable public key is rejected:', () => {
  const der = () => run('openssl pkey -pubin -in public.pem -outform DER');
  test.each<[string, () => string, RegExp]>([
    [
      'DER with bytes after it',
      () => Buffer.concat([der(), Buffer.from([1, 2, 3])]).toString('base64'),
      /RSA public key with 3 more bytes after it/,
    ],
    [
      'DER with a zero byte after it',
      () => Buffer.concat([der(), Buffer.alloc(1)]).toString('base64'),
      /with 1 more bytes after it/,
    ],
    [
      'PEM with bytes after the key',
      () =>
        `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([der(), der()]).toString('base64')}\n-----END PUBLIC KEY-----`,
      /with 294 more bytes after it/,
    ],
    [
      'a second one that is cut off',
      () => `${bare(read('public.pem'))}\n${bare(read('other-public.pem')).slice(0, 200)}`,
      /not a key/,
    ],
    [
      'a second PEM that is cut off',
      () => `${read('public.pem')}${read('other-public.pem').slice(0, 200)}`,
      /an incomplete PEM block/,
    ],
    [
      'a second one after a line that is no key',
      () => `${read('public.pem')}# next\n${bare(read('other-public.pem'))}`,
      /not base64/,
    ],
    [
      'the certificate of another key',
      () => read('public.pem') + read('other-certificate.pem'),
      /a certificate/,
    ],
  ])('%s', (_, given, sentence) => {
    expect(() => publicKeysFrom(given())).toThrow(sentence);
    expect(() => publicKeysFrom(given())).toThrow(KeyError);
  });
});

describeWithTools('a text that is no RSA key is rejected with the command that converts it:', () => {
  const jwk = (pem: string) => JSON.stringify(createPrivateKey(read(pem)).export({ format: 'jwk' }));
  test.each<[string, () => string, RegExp]>([
    [
      'UTF-16 with a mark, little-endian',
      () => text('iconv -f UTF-8 -t UTF-16 key.pem'),
      /UTF-16 text\. .*iconv -f UTF-16 -t UTF-8 FILE/,
    ],
    [
      'UTF-16 with a mark, big-endian',
      () => text('printf "\\376\\377"; iconv -f UTF-8 -t UTF-16BE key.pem'),
      /UTF-16 text\. .*iconv/,
    ],
    ['UTF-16 without a mark', () => text('iconv -f UTF-8 -t UTF-16LE key.pem'), /UTF-16 text\. .*iconv/],
    [
      'DER that was read as text',
      () => text('openssl pkey -in key.pem -outform DER'),
      /binary file.* openssl pkey -inform DER/,
    ],
    ['PKCS#12 that was read as text', () => text('cat store.p12'), /binary file/],
    [
      'PKCS#12 in base64',
      () => text('openssl base64 -in store.p12'),
      /PKCS#12.* openssl pkcs12 -in FILE -nocerts -nodes/,
    ],
    ['JWK', () => jwk('key.pem'), /a private key as JWK.*createPrivateKey/],
    ['JWK, escaped', () => JSON.stringify(jwk('key.pem')), /a private key as JWK.*createPrivateKey/],
    ['JWK of an EC key', () => jwk('ec.pem'), /JWK/],
    [
      'a public JWK',
      () => JSON.stringify(createPublicKey(read('public.pem')).export({ format: 'jwk' })),
      /a JWK.*createPublicKey/,
    ],
    ['ssh-rsa', () => text('ssh-keygen -y -f key.pem'), /SSH \(ssh-rsa\).*ssh-keygen -e -m PKCS8/],
    [
      'ssh-rsa without its first word',
      () => text('ssh-keygen -y -f key.pem').split(' ')[1] ?? '',
      /SSH \(ssh-rsa\).*ssh-keygen/,
    ],
    ['the format of SSH2', () => text('ssh-keygen -e -f key.pem'), /SSH2.*ssh-keygen -i/],
    ['OpenSSH', () => text('ssh-keygen -q -t rsa -N "" -f ssh && cat ssh'), /OpenSSH.*ssh-keygen -p -m PEM/],
    [
      'base64url',
      () => run('openssl pkey -in key.pem -outform DER').toString('base64url'),
      /base64url and not base64\. .*node/,
    ],
    [
      'hexadecimal digits',
      () => run('openssl pkey -in key.pem -outform DER').toString('hex'),
      /hexadecimal.*node -p/,
    ],
    [
      'a certificate',
      () => read('certificate.pem'),
      /a certificate\. .*openssl x509 -in FILE -pubkey -noout/,
    ],
    ['a certificate in bare base64', () => bare(read('certificate.pem')), /a certificate\. .*openssl x509/],
    [
      'a certificate request',
      () => text('openssl req -new -key key.pem -subj /CN=ours'),
      /a certificate request\. .*openssl req/,
    ],
    ['PKCS#7', () => text('openssl crl2pkcs7 -nocrl -certfile certificate.pem'), /PKCS#7.*openssl pkcs7/],
    ['an EC key with its parameters', () => read('ec.pem'), /an EC key\. .*openssl genpkey -algorithm RSA/],
    [
      'an EC key',
      () => text('openssl pkcs8 -topk8 -nocrypt -in ec.pem'),
      /an EC private key\. .*openssl genpkey -algorithm RSA/,
    ],
    ['an encrypted key', () => read('encrypted.pem'), /an encrypted key.*openssl pkey -in FILE -out key.pem/],
    ['an encrypted key of PKCS#1', () => read('encrypted-pkcs1.pem'), /an encrypted key.*openssl pkey/],
    [
      'the output of openssl pkcs12 that kept the key encrypted',
      () => text('openssl pkcs12 -in store.p12 -passin pass:secret -passout pass:secret'),
      /an encrypted key.*openssl pkey/,
    ],
    [
      'an encrypted key in base64',
      () => text('openssl base64 -in encrypted.pem'),
      /an encrypted key.*openssl pkey/,
    ],
    ['XML of .NET', () => '<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>', /XML key of \.NET/],
  ])('%s', (_, given, sentence) => {
    const found = given();
    expect(() => privateKeyFrom(found)).toThrow(sentence);
    expect(() => privateKeyFrom(found)).toThrow('An RSA private key is expected');
    expect(() => publicKeysFrom(found)).toThrow("WorldFirst's RSA public key is expected");
  });

  test.each([
    ['UTF-16', 'iconv -f UTF-8 -t UTF-16 key.pem > FILE', ''],
    ['DER', 'openssl pkey -in key.pem -outform DER -out FILE', ''],
    ['PKCS#12', 'cp store.p12 FILE', '-passin pass:secret'],
    ['an encrypted key', 'cp encrypted.pem FILE', '-passin pass:secret'],
    [
      'OpenSSH',
      'cp key.pem FILE && chmod 600 FILE && ssh-keygen -p -N "" -f FILE',
      '-N "" && mv FILE key.pem',
    ],
    [
      'base64url',
      `openssl pkey -in key.pem -outform DER -out der; node -p "fs.readFileSync('der').toString('base64url')" > FILE`,
      '',
    ],
    [
      'hexadecimal digits',
      `openssl pkey -in key.pem -outform DER -out der; node -p "fs.readFileSync('der').toString('hex')" > FILE`,
      '',
    ],
    [
      'JWK',
      `node -p "JSON.stringify(crypto.createPrivateKey(fs.readFileSync('key.pem')).export({ format: 'jwk' }))" > FILE`,
      '',
    ],
  ])('%s: the command makes the key that is expected', (what, make, answers) => {
    const pem = read('key.pem');
    run(`${make}; rm -f key.pem`);
    try {
      const isBinaryInBase64 = what === 'PKCS#12';
      const given = isBinaryInBase64 ? text('openssl base64 -in FILE') : read('FILE');
      const [, command] =
        /with: (.*? key\.pem|.*? -f FILE)/.exec(messageOf(() => privateKeyFrom(given))) ?? [];
      run(`${command} ${answers}`);
      expect(privateKeyFrom(read('key.pem')).equals(createPrivateKey(pem))).toBe(true);
    } finally {
      writeFileSync(path.join(folder, 'key.pem'), pem, { mode: 0o600 });
    }
  });
});

test.skipIf(!hasTools)('the error never repeats a line of the input', () => {
  for (const given of [
    read('encrypted.pem'),
    text('openssl base64 -in store.p12'),
    text('ssh-keygen -y -f other.pem'),
  ]) {
    const message = messageOf(() => privateKeyFrom(given));
    for (const line of given.split(/[\s-]+/).filter((each) => each.length > 20))
      expect(message).not.toContain(line);
  }
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
