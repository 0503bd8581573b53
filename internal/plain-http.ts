/** Whether everyone on the way can read what is sent there: it is plain http, and does not stay on this machine. */
export function isReadableOnTheWay(url: string | URL): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
