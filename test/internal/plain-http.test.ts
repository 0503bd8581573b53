import { expect, it } from 'vitest';
import { isReadableOnTheWay } from '../../internal/plain-http.js';

it.each([
  'http://worldfirst.example/',
  'http://10.0.0.1:8080/',
  'http://localhost.example/',
  'http://my-localhost/',
  'http://127.0.0.1.example/',
  'http://127.example/',
  'http://[::2]/',
])('%s can be read on the way', (url) => {
  expect(isReadableOnTheWay(url)).toBe(true);
  expect(isReadableOnTheWay(new URL(url))).toBe(true);
});

it.each([
  'https://worldfirst.example/',
  'https://localhost/',
  'http://localhost:8080/',
  'http://127.0.0.1/',
  'http://127.1.2.3:8080/',
  'http://[::1]:8080/',
])('%s cannot be read on the way: it is encrypted, or stays on this machine', (url) => {
  expect(isReadableOnTheWay(url)).toBe(false);
});
