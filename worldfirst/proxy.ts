import { getProxyForUrl } from 'proxy-from-env';

/** A proxy that the environment names and that cannot be used. The message repeats no part of the value. */
export class ProxyError extends Error {}

/**
 * The proxy for an address, if the environment names one: `HTTPS_PROXY` or `HTTP_PROXY` by the scheme of the address,
 * otherwise `ALL_PROXY`, in small letters or in capitals. `NO_PROXY` lists the hosts that are reached directly.
 * @throws {@link ProxyError}
 */
export function proxyFor(url: URL): URL | undefined {
  if (getProxyForUrl(url.href) === '') return undefined;
  const variable = [`${url.protocol.slice(0, -1)}_proxy`, 'all_proxy']
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => process.env[name]);
  // getProxyForUrl has found it by one of these names.
  const value = process.env[variable as string] as string;
  // proxy-from-env gives a proxy without a scheme the scheme of the address; curl, Go and Python take it for http.
  const text = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (!proxy || !['http:', 'https:'].includes(proxy.protocol) || !isDecodable(proxy))
    throw new ProxyError(
      `is reached through ${variable}, which must be an address such as http://proxy.example:3128 or http://user:password@proxy.example:3128 (with user and password percent-encoded)`,
    );
  return proxy;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return true;
}
