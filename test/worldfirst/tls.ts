import { createServer } from 'node:https';
import tls from 'node:tls';
import { onTestFinished, vi } from 'vitest';
import { openedForTest } from '../support/loopback.js';

/** A throw-away certificate for `localhost`, made for these tests; it protects nothing, and is valid until 2120. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBUDCB9qADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESlmNs6OLPldi279c
Q98xA/ivGoOtTAcF8s2Pl/sKd2qMWfmjgdKVt5iXYeCIYf11NnEKc0qMPeeZK3L/
wx0GIqM3MDUwFAYDVR0RBA0wC4IJbG9jYWxob3N0MB0GA1UdDgQWBBT/QvcqMiQl
w2I2/ShyDV1dG6HSrzAKBggqhkjOPQQDAgNJADBGAiEAk1R3z4lprfL0v7jq69Ou
lWsPN/m/eOLgiCumv7+HVnsCIQDBpjtNYya1ECVGy5ajNhfHaSeAXVtZslmJXC5s
o5xruw==
-----END CERTIFICATE-----`;

/** Its key. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglzzg2bw84Qap5q0v
tWbJMwgMRGdrcKaSOycRyntPiKehRANCAARKWY2zo4s+V2Lbv1xD3zED+K8ag61M
BwXyzY+X+wp3aoxZ+aOB0pW3mJdh4Ihh/XU2cQpzSow955krcv/DHQYi
-----END PRIVATE KEY-----`;

/** Lets every TLS connection of the test trust the certificate. */
export function trustTheCertificate(): void {
  const { connect } = tls;
  const spy = vi.spyOn(tls, 'connect');
  spy.mockImplementation(((options: object) => connect({ ...options, ca: CERTIFICATE })) as never);
  onTestFinished(() => spy.mockRestore());
}

/**
 * An HTTPS server on loopback, and how many requests it has seen.
 * @param onRequest what it does with a request in place of answering it
 */
export async function serveTls(
  onRequest?: () => void,
): Promise<{ port: number; seen: { requests: number } }> {
  const seen = { requests: 0 };
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (_, response) => {
    seen.requests += 1;
    if (onRequest) onRequest();
    else response.end('{}');
  });
  const { port } = await openedForTest(server);
  return { port, seen };
}
