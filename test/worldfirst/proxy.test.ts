import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError, proxyFor } from '../../worldfirst/proxy.js';
import { serve } from '../support/loopback.js';
import { serveProxy } from './connect-proxy.js';
import { answerText, cashierBody, client, signing } from './fixtures.js';

const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, '');
  return () => void vi.unstubAllEnvs();
});

function proxyOf(address: string, variables: Record<string, string>): string | undefined {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return proxyFor(new URL(address))?.href;
}

const HTTPS = 'https://open-sea.worldfirst.com';
const HTTP = 'http://worldfirst.example:8080';
const ONE = 'http://one.example:3128/';
const OTHER = 'http://other.example:3128/';

describe('the proxy of an address', () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['is absent if the environment names none', HTTPS, {}, undefined],
    ['is HTTPS_PROXY for https', HTTPS, { HTTPS_PROXY: ONE, HTTP_PROXY: OTHER }, ONE],
    ['is HTTP_PROXY for http', HTTP, { HTTPS_PROXY: OTHER, HTTP_PROXY: ONE }, ONE],
    ['is not HTTP_PROXY for https', HTTPS, { HTTP_PROXY: ONE }, undefined],
    ['may be named in small letters', HTTPS, { https_proxy: ONE }, ONE],
    ['in small letters wins', HTTPS, { https_proxy: ONE, HTTPS_PROXY: OTHER }, ONE],
    ['may be ALL_PROXY', HTTP, { ALL_PROXY: ONE }, ONE],
    ['is ALL_PROXY only where there is no other', HTTP, { ALL_PROXY: OTHER, HTTP_PROXY: ONE }, ONE],
    ['is http where no scheme is given', HTTPS, { HTTPS_PROXY: 'one.example:3128' }, ONE],
    ['may be reached over TLS', HTTP, { HTTP_PROXY: 'https://one.example' }, 'https://one.example/'],
    [
      'may have a user and a password',
      HTTP,
      { HTTP_PROXY: 'http://ana:a%40b@one.example' },
      'http://ana:a%40b@one.example/',
    ],
    [
      'is absent for a host of NO_PROXY',
      HTTPS,
      { HTTPS_PROXY: ONE, NO_PROXY: 'x, open-sea.worldfirst.com' },
      undefined,
    ],
    ['is absent for a host of no_proxy', HTTPS, { HTTPS_PROXY: ONE, no_proxy: '.worldfirst.com' }, undefined],
    [
      'is absent for a host and port of NO_PROXY',
      HTTP,
      { HTTP_PROXY: ONE, NO_PROXY: 'worldfirst.example:8080' },
      undefined,
    ],
    ['stays for another port of NO_PROXY', HTTP, { HTTP_PROXY: ONE, NO_PROXY: 'worldfirst.example:80' }, ONE],
    ['stays for another host of NO_PROXY', HTTPS, { HTTPS_PROXY: ONE, NO_PROXY: 'worldfirst.com' }, ONE],
    ['is absent if NO_PROXY is a star', HTTPS, { HTTPS_PROXY: ONE, NO_PROXY: '*' }, undefined],
  ])('%s', (_, address, variables, proxy) => {
    expect(proxyOf(address, variables)).toBe(proxy);
  });

  it.each([
    ['no address', 'HTTPS_PROXY', 'http://ana:hunter2@'],
    ['another kind of proxy', 'https_proxy', 'socks5://ana:hunter2@one.example:1080'],
    ['of a scheme that ends in http', 'https_proxy', 'xhttp://ana:hunter2@one.example:1080'],
    ['of a scheme that begins with http', 'https_proxy', 'httpx://ana:hunter2@one.example:1080'],
    ['a password that is not percent-encoded', 'ALL_PROXY', 'http://ana:hunter2%@one.example'],
    ['a user that is not percent-encoded', 'all_proxy', 'http://%hunter2:a@one.example'],
  ])('is a mistake, by the name of its variable, if it is %s', (_, variable, value) => {
    const find = () => proxyOf(HTTPS, { [variable]: value });
    expect(find).toThrow(ProxyError);
    expect(find).toThrow(
      `is reached through ${variable}, which must be an address such as http://proxy.example:3128`,
    );
    expect(find).not.toThrow('hunter2');
  });
});

describe('a client', () => {
  it('makes its calls through the proxy that the environment names', async () => {
    const proxy = await serveProxy();
    const { url } = await serve(signing(answerText('S', 'SUCCESS')));
    vi.stubEnv('HTTP_PROXY', proxy.url.href);
    const worldfirst = client(url);
    expect(await worldfirst.refund(cashierBody)).toMatchObject({ kind: 'success' });
    expect(await worldfirst.inquireRefund({ refundIds: ['W-1'] })).toMatchObject({ kind: 'success' });
    expect(proxy.asked.map(({ target }) => target)).toEqual([new URL(url).host, new URL(url).host]);
  });

  it('makes its calls directly to a host of NO_PROXY', async () => {
    const proxy = await serveProxy();
    const { url } = await serve(signing(answerText('S', 'SUCCESS')));
    vi.stubEnv('HTTP_PROXY', proxy.url.href);
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    expect(await client(url).refund(cashierBody)).toMatchObject({ kind: 'success' });
    expect(proxy.asked).toEqual([]);
  });

  it('is not created with an unusable proxy', () => {
    vi.stubEnv('HTTPS_PROXY', 'socks5://ana:hunter2@one.example');
    const make = () => client(HTTPS);
    expect(make).toThrow('\n  baseUrl: is reached through HTTPS_PROXY, which must be');
    expect(make).not.toThrow('hunter2');
  });
});
