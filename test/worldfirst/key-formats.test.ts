import { describe, expect, it } from 'vitest';
import {
  CERTIFICATE,
  ENCRYPTED,
  formatOfLabel,
  formatOfPiece,
  formatOfText,
  MAKE_RSA,
  PKCS12,
} from '../../worldfirst/key-formats.js';

const wide = (text: string) => [...text].map((character) => `${character}\0`).join('');

const UTF16 = 'UTF-16 text. Convert it with: iconv -f UTF-16 -t UTF-8 FILE > key.pem.';
const BINARY =
  'a binary file that was read as text. Convert a DER file with: openssl pkey -inform DER -in FILE -out key.pem (with -pubin for a public key).';
const PRIVATE_JWK = `a private key as JWK. Convert it with: node -p "crypto.createPrivateKey({ key: JSON.parse(fs.readFileSync('FILE')), format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' })" > key.pem.`;
const PUBLIC_JWK = `a JWK (a key as JSON). Convert it with: node -p "crypto.createPublicKey({ key: JSON.parse(fs.readFileSync('FILE')), format: 'jwk' }).export({ type: 'spki', format: 'pem' })" > key.pem.`;
const SSH =
  'a public key in the format of SSH (ssh-rsa). Convert it with: ssh-keygen -e -m PKCS8 -f FILE > key.pem.';
const SSH2 =
  'a public key in the format of SSH2. Convert it with: ssh-keygen -i -f FILE > key.pub && ssh-keygen -e -m PKCS8 -f key.pub > key.pem.';
const XML =
  'an XML key of .NET. Export it in .NET with ExportPkcs8PrivateKeyPem() or ExportSubjectPublicKeyInfoPem().';
const OPENSSH =
  'a private key in the format of OpenSSH. Convert a copy of the file with: ssh-keygen -p -m PEM -f FILE.';
const EC = `an EC key. ${MAKE_RSA}`;
const REQUEST =
  'a certificate request. Extract its public key with: openssl req -in FILE -pubkey -noout -out key.pem.';
const PKCS7 =
  'a PKCS#7 store of certificates. Extract the certificates with: openssl pkcs7 -in FILE -print_certs -out certificates.pem.';
const BASE64URL = `base64url and not base64. Convert it with: node -p "Buffer.from(fs.readFileSync('FILE', 'utf8'), 'base64url').toString('base64')" > key.pem.`;
const HEXADECIMAL = `a key in hexadecimal digits. Convert it with: node -p "Buffer.from(fs.readFileSync('FILE', 'utf8').replaceAll(/[^0-9a-f]/gi, ''), 'hex').toString('base64')" > key.pem.`;

/** A format as an error shows it. */
function shown(format: { what: string; remedy?: string } | undefined): string | undefined {
  return format && [`${format.what}.`, format.remedy].filter(Boolean).join(' ');
}

describe('a whole text that is no key', () => {
  it.each<[string, string | undefined]>([
    [wide('{"a"'), UTF16],
    [`\uFFFD\uFFFD${wide('{"a"')}`, UTF16],
    [`\n\n${wide('{"a"')}`, UTF16],
    [`\0{\0"\0a\0"`, UTF16],
    [wide('{"a'), BINARY],
    [`abc${wide('{"a"')}`, BINARY],
    ['a\0b', BINARY],
    ['a\uFFFDb', BINARY],
    ['{"kty":"RSA","n":"x","d":"y"}', PRIVATE_JWK],
    ['{\n"kty": "RSA",\n"d" : "y"\n}', PRIVATE_JWK],
    ["{'kty': 'RSA', 'd': 'y'}", PRIVATE_JWK],
    ['{\\"kty\\":\\"RSA\\",\\"d\\":\\"y\\"}', PRIVATE_JWK],
    ['{\\\\"kty\\\\":\\\\"RSA\\\\",\\\\"d\\\\":1}', PRIVATE_JWK],
    ['{"kty":"RSA","n":"x"}', PUBLIC_JWK],
    ['{"kty":"RSA","n":"d"}', PUBLIC_JWK],
    ['{\\\\"kty\\\\":\\\\"RSA\\\\"}', PUBLIC_JWK],
    ['ssh-rsa AAAA', SSH],
    [' "ssh-ed25519-x AAAA', SSH],
    ["'ecdsa-sha2-nistp256 AAAA", SSH],
    [` "AAAA${'b'.repeat(20)}`, SSH],
    [`AAAA${'+/'.repeat(10)}`, SSH],
    [`AAAA${'b'.repeat(19)}`, undefined],
    [`x AAAA${'b'.repeat(20)}`, undefined],
    ['x ssh-rsa AAAA', undefined],
    ['ssh-rsa', undefined],
    ['ecdsa-', undefined],
    ['x ecdsa-sha2 AAAA', undefined],
    ['---- BEGIN SSH2 PUBLIC KEY ----', SSH2],
    ['<RSAKeyValue><Modulus>', XML],
    ['-----BEGIN PRIVATE KEY-----', undefined],
    ['', undefined],
  ])('%#: %j', (text, format) => {
    expect(shown(formatOfText(text))).toBe(format);
  });
});

describe('the label of a PEM block that is no key', () => {
  it.each<[string, string | undefined]>([
    ['ENCRYPTED PRIVATE KEY', shown(ENCRYPTED)],
    ['OPENSSH PRIVATE KEY', OPENSSH],
    ['OPENSSH PRIVATE KEYS', undefined],
    ['AN OPENSSH PRIVATE KEY', undefined],
    ['EC PARAMETERS', EC],
    ['EC PARAMETERS 2', undefined],
    ['NO EC PARAMETERS', undefined],
    ['CERTIFICATE REQUEST', REQUEST],
    ['NEW CERTIFICATE REQUEST', REQUEST],
    ['CERTIFICATE REQUESTS', undefined],
    ['PKCS7', PKCS7],
    ['CMS', PKCS7],
    ['CMS 2', undefined],
    ['NO PKCS7', undefined],
    ['PRIVATE KEY', undefined],
  ])('%s', (label, format) => {
    expect(shown(formatOfLabel(label))).toBe(format);
  });
});

describe('a piece of bare text that is no key', () => {
  it.each<[string, string | undefined]>([
    ['-----BEGIN PRIVATE KEY', 'an incomplete PEM block.'],
    [`MI${'a-_\n'.repeat(25)}`, BASE64URL],
    [`MI${'a'.repeat(100)}== `, BASE64URL],
    [`MI${'a'.repeat(99)}`, undefined],
    [`xMI${'a'.repeat(100)}`, undefined],
    [`MI${'a'.repeat(100)}/`, undefined],
    [`30${'a1'.repeat(50)}`, HEXADECIMAL],
    [`30${' A:'.repeat(34)}`, HEXADECIMAL],
    [`30${'a'.repeat(99)}`, undefined],
    [`x30${'a'.repeat(100)}`, undefined],
    [`30${'a'.repeat(100)}x`, undefined],
    [`30${'g'.repeat(100)}`, undefined],
    ['', undefined],
  ])('%#: %j', (piece, format) => {
    expect(shown(formatOfPiece(piece))).toBe(format);
  });
});

it.each([
  [
    ENCRYPTED,
    'an encrypted key, which needs a passphrase. Decrypt it with: openssl pkey -in FILE -out key.pem.',
  ],
  [
    CERTIFICATE,
    'a certificate. Extract its public key with: openssl x509 -in FILE -pubkey -noout -out key.pem.',
  ],
  [
    PKCS12,
    'a PKCS#12 store (.p12 or .pfx). Extract the private key with: openssl pkcs12 -in FILE -nocerts -nodes -out key.pem.',
  ],
])('%#: a format has its command', (format, sentence) => {
  expect(shown(format)).toBe(sentence);
});
