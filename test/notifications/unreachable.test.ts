import { afterEach, expect, it, vi } from 'vitest';
import { createNotificationHandler } from '../../notifications/index.js';
import { serveSockets } from '../support/loopback.js';
import { bodyOf, KEYS, nowhere, PATH, served, signedHeaders } from './fixtures.js';

const BODY = bodyOf('trade-1');

afterEach(() => {
  vi.restoreAllMocks();
});

/** A host that accepts connections and never answers. */
const silence = async () => `127.0.0.1:${(await serveSockets(() => {})).port}`;

// The search in Temporal's list has a time limit of its own, of seconds.
it.concurrent.each([
  ['unreachable', async () => '127.0.0.1:1'],
  ['silent', silence],
])('Temporal is %s: 503 without SUCCESS, so that WorldFirst sends it again', async (_, address) => {
  const { url, reports } = await served({ client: nowhere(await address()), timeout: 200 });
  const answer = await fetch(url, { method: 'POST', headers: signedHeaders(BODY), body: BODY });
  expect(answer.status).toBe(503);
  expect(answer.headers.has('signature')).toBe(false);
  expect(await answer.text()).not.toMatch(/SUCCESS|"S"/);
  expect(reports).toMatchObject([
    {
      kind: 'not-delivered',
      message: expect.stringContaining('WorldFirst will send it again'),
      notification: { tradeId: 'trade-1', isRefund: 'Y' },
      error: expect.any(Error),
    },
  ]);
});

it('a forged notification is rejected, with and without Temporal', async () => {
  const { url } = await served({ client: nowhere(), timeout: 200 });
  expect((await fetch(url, { method: 'POST', body: BODY })).status).toBe(400);
});

it('without a report function, a problem is a warning in the log', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const handler = createNotificationHandler({ client: nowhere(), keys: KEYS, path: PATH, timeout: 10 });
  await handler(new Request('http://h/', { method: 'POST', body: BODY }));
  await handler(new Request('http://h/', { method: 'POST', headers: signedHeaders(BODY), body: BODY }));
  expect(warned.mock.calls.map(([line]) => line)).toEqual([
    expect.stringContaining('refused with 400: Client-Id is missing'),
    expect.stringContaining('not delivered'),
  ]);
});

it.each([
  ['a path without a slash', { path: 'hooks' }, /path must be the path of the notification URL/],
  ['a URL in place of its path', { path: 'https://shop.example/hooks' }, /path must be/],
  ['a path with a query', { path: '/hooks?a=b' }, /path must be/],
  ['a path with a blank', { path: '/hooks ' }, /path must be/],
  ['an invalid key', { keys: { ...KEYS, privateKey: 'abc' } }, /keys.privateKey This is/],
  [
    'its public key in place of the private one',
    { keys: { ...KEYS, privateKey: KEYS.publicKeys } },
    /keys.privateKey/,
  ],
  ['no public key', { keys: { ...KEYS, publicKeys: [] } }, /keys.publicKeys/],
  ['an empty client id', { keys: { ...KEYS, clientId: '' } }, /keys.clientId/],
])('%s is rejected at the start', (_, options, why) => {
  const make = () => createNotificationHandler({ client: nowhere(), keys: KEYS, path: PATH, ...options });
  expect(make).toThrow(why);
  expect(make).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
});
