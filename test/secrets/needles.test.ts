import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { partner } from '../worldfirst/fixtures.js';
import { everythingIn, formsOfKey, Search } from './needles.js';

const pem = partner.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const der = partner.privateKey.export({ type: 'pkcs8', format: 'der' });
const signature = `${randomBytes(30).toString('base64')}++//${randomBytes(223).toString('base64')}`;
const search = new Search([...formsOfKey('key', pem), { name: 'signature', text: signature }]);
const body = der.toString('base64');

test.each<[string, string, string]>([
  ['a key as PEM', pem, 'key'],
  ['a key on one line', JSON.stringify({ key: pem }), 'key'],
  ['any piece of 24 characters of a key', `>${body.slice(777, 801)}<`, 'key'],
  ['a key as bytes', inspect(der), 'key as a Buffer prints itself'],
  ['a key as bytes in JSON', JSON.stringify(der), 'key as numbers'],
  ['a key as an array', inspect(new Uint8Array(der)), 'key as numbers with blanks'],
  ['a key in hexadecimal', der.toString('hex'), 'key in hexadecimal'],
  ['a signature in its header', `algorithm=RSA256, signature=${encodeURIComponent(signature)}`, 'signature'],
  ['a piece of a signature', signature.slice(35, 59), 'signature'],
  ['a key in a payload', everythingIn({ memo: { a: [{ data: Buffer.from(pem) }] } }), 'key'],
  ['a key that is the name of a field', everythingIn({ [body]: 1 }), 'key'],
  ['a key in a map', everythingIn(new Map([[1, { text: pem }]])), 'key'],
])('%s is found', (_, text, name) => {
  expect(search.in(text)).toEqual([name]);
  expect(search.in(`${'x'.repeat(5)}${text}`)).toEqual([name]);
});

test('a piece is found wherever it stands', () => {
  for (let before = 0; before < 30; before++)
    expect(search.in(`${'.'.repeat(before)}${body.slice(1000, 1024)}...`)).toEqual(['key']);
});

test('less than a piece, and anything else, is not', () => {
  expect(search.in(`>${body.slice(777, 800)}<`)).toEqual([]);
  expect(search.in(randomBytes(10_000).toString('base64'))).toEqual([]);
});
