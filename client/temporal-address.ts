import { isIPv6 } from 'node:net';

const DEFAULT_PORT = 7233;

/**
 * Host and port as gRPC takes them: with a port, and with brackets round an IPv6 address.
 * @returns the mistake instead where the text is something else, in words that follow the variable's name
 */
export function hostAndPort(text: string): { address: string } | { mistake: string } {
  const given = text.trim().replace(/\/+$/, '');
  if (isIPv6(given)) {
    return given.endsWith(`:${DEFAULT_PORT}`)
      ? { mistake: `may or may not end with a port: write [${given.slice(0, -5)}]:${DEFAULT_PORT}` }
      : { address: `[${given}]:${DEFAULT_PORT}` };
  }
  const [, host, ipv6, port = DEFAULT_PORT] =
    /^([^\s:/?#@[\]]+|\[([^\]]*)\])(?::(\d{1,5}))?$/.exec(given) ?? [];
  const isAddress = host !== undefined && (ipv6 === undefined || isIPv6(ipv6));
  if (isAddress && Number(port) >= 1 && Number(port) <= 65_535) return { address: `${host}:${port}` };
  const scheme = /^(\w+):\/\//.exec(given)?.[0];
  const remedy =
    scheme === undefined
      ? ''
      : ` Leave out ${scheme}${scheme === 'https://' ? ', and set TEMPORAL_TLS=true for encryption' : ''}.`;
  return {
    mistake: `must be host and port, such as localhost:7233, and is ${JSON.stringify(withoutCredentials(given))}.${remedy}`,
  };
}

function withoutCredentials(text: string): string {
  return text.replace(/[^/]*@/, '…@');
}

/** Whether calls to the address, host and port, stay on this machine. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(address);
}
