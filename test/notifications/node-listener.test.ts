import { expect, it } from 'vitest';
import { toNodeListener } from '../../notifications/index.js';
import { serve } from '../support/loopback.js';
import { exchange } from './fixtures.js';

const echo = toNodeListener(async (request) => {
  const { method, url, headers } = request;
  const seen = { method, url, header: headers.get('x-seen'), body: await request.text() };
  return Response.json(seen, { status: 201, headers: { 'X-Answer': 'yes' } });
});

it('passes on the method, the URL, the headers, the body and the response', async () => {
  const { port } = await serve(echo);
  const answer = await fetch(`http://127.0.0.1:${port}/a%20b?c=d`, {
    method: 'PUT',
    headers: { 'X-Seen': 'ü'.normalize('NFC') },
    body: '退款',
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-answer')).toBe('yes');
  expect(await answer.json()).toEqual({
    method: 'PUT',
    url: `http://127.0.0.1:${port}/a%20b?c=d`,
    header: 'ü',
    body: '退款',
  });
});

it('one connection serves many requests', async () => {
  const { port } = await serve(echo);
  const one = 'POST / HTTP/1.1\nHost: h\nContent-Length: 2\n';
  const said = await exchange(port, `${one}\nhi${one}Connection: close\n\nho`);
  expect(said.match(/HTTP\/1.1 201/g)).toHaveLength(2);
  expect(said).toMatch(/"body":"hi".*"body":"ho"/s);
});

it('a handler that rejects: 500', async () => {
  const { url } = await serve(toNodeListener(() => Promise.reject(new Error('secret'))));
  const answer = await fetch(url);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('');
});

it('a handler that throws: 500', async () => {
  const { url } = await serve(
    toNodeListener(() => {
      throw new Error('secret');
    }),
  );
  expect((await fetch(url)).status).toBe(500);
});

it.each([
  ['an invalid host', 'GET / HTTP/1.1\nHost: a b\n'],
  ['an invalid URL', 'GET // HTTP/1.1\nHost: h\n'],
  ['a method that the Fetch API forbids', 'TRACE / HTTP/1.1\nHost: h\n'],
])('%s: 400', async (_, head) => {
  const { port } = await serve(echo);
  expect(await exchange(port, `${head}Connection: close\n\n`)).toMatch(/^HTTP\/1.1 400 /);
});

it('a request without a host is accepted', async () => {
  const { port } = await serve(echo);
  expect(await exchange(port, 'GET / HTTP/1.0\n\n')).toMatch(/^HTTP\/1.1 201 /);
});
