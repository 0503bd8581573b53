import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createSecureServer } from 'node:http2';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { TemporalUnreachableError } from '../../client/errors.js';
import type { TemporalConfig } from '../../client/temporal-config.js';
import { connectToTemporal } from '../../client/temporal-connection.js';
import { forwardTo, type Opened, opened } from '../support/loopback.js';

let folder = '';
const read = (name: string) => readFileSync(path.join(folder, name));
const servers: Opened[] = [];
const temporal = inject('temporalAddress');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'temporal-tls-'));
  const sign = 'openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names';
  execFileSync(
    'bash',
    [
      '-c',
      `set -e; printf subjectAltName=DNS:localhost > names
      openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 1
      openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost
      ${sign} -days 1 -out server.pem; ${sign} -days -1 -out expired.pem`,
    ],
    { cwd: folder, stdio: 'ignore' },
  );
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true });
});

/** The port of a server that is ended with the tests. */
async function portOf(server: Server): Promise<number> {
  const result = await opened(server);
  servers.push(result);
  return result.port;
}

/** The port of a gateway with TLS before the Temporal of these tests. */
function gateway(options: tls.TlsOptions = {}): Promise<number> {
  const own = { key: read('server.key'), cert: read('server.pem'), ALPNProtocols: ['h2'] };
  const server = tls.createServer({ ...own, ...options }, forwardTo(temporal));
  return portOf(server.on('tlsClientError', () => {}));
}

const withClientCertificates = () => ({ requestCert: true, ca: read('ca.pem'), rejectUnauthorized: true });

async function sentenceOf(config: Partial<TemporalConfig> & { address: string }): Promise<string> {
  const error = await connectToTemporal({ namespace: 'default', ...config }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(TemporalUnreachableError);
  return (error as Error).message;
}

test('a connection succeeds through TLS with a known authority, with and without a client certificate', async () => {
  const trust = { serverRootCACertificate: read('ca.pem') };
  const own = { ...trust, clientCertPair: { crt: read('server.pem'), key: read('server.key') } };
  for (const [port, options] of [
    [await gateway(), trust],
    [await gateway(withClientCertificates()), own],
  ] as const) {
    const { connection } = await connectToTemporal({
      address: `localhost:${port}`,
      namespace: 'default',
      tls: options,
    });
    await connection.close();
  }
});

describe.concurrent('the error of a failed connection names the reason:', () => {
  test('a certificate of an unknown authority', async () => {
    const sentence = await sentenceOf({ address: `localhost:${await gateway()}`, tls: true });
    expect(sentence).toMatch(/its TLS certificate is not trusted\. Set TEMPORAL_TLS_SERVER_CA_CERT_PATH/);
  });

  test('a certificate for another name', async () => {
    const tlsOptions = {
      serverRootCACertificate: read('ca.pem'),
      serverNameOverride: 'temporal.example.com',
    };
    const sentence = await sentenceOf({ address: `localhost:${await gateway()}`, tls: tlsOptions });
    expect(sentence).toMatch(/its TLS certificate is for another name\. Set TEMPORAL_TLS_SERVER_NAME/);
  });

  test('a certificate that has expired', async () => {
    const port = await gateway({ cert: read('expired.pem') });
    const tlsOptions = { serverRootCACertificate: read('ca.pem') };
    expect(await sentenceOf({ address: `localhost:${port}`, tls: tlsOptions })).toMatch(/has expired/);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'no client certificate where one is needed, with %s',
    async (version) => {
      const port = await gateway({ ...withClientCertificates(), minVersion: version, maxVersion: version });
      const tlsOptions = { serverRootCACertificate: read('ca.pem') };
      expect(await sentenceOf({ address: `localhost:${port}`, tls: tlsOptions })).toMatch(
        /client certificate, or needs one\. Check TEMPORAL_TLS_CLIENT_CERT_PATH/,
      );
    },
  );

  test.each<[string, () => tls.TlsOptions]>([
    ['TLS', () => ({})],
    ['TLS and client certificates', withClientCertificates],
  ])('a client without TLS where the server speaks %s', async (_, options) => {
    expect(await sentenceOf({ address: `localhost:${await gateway(options())}` })).toMatch(
      /it speaks TLS, and TLS is not switched on\. Set TEMPORAL_TLS=true/,
    );
  });

  test('a client with TLS and a server without TLS', async () => {
    expect(await sentenceOf({ address: temporal, tls: true })).toMatch(
      /does not speak TLS\. Set TEMPORAL_TLS=false/,
    );
  });

  test('a namespace that does not exist', async () => {
    expect(await sentenceOf({ address: temporal, namespace: 'payments-of-nobody' })).toMatch(
      /has no namespace "payments-of-nobody"\. Check TEMPORAL_NAMESPACE, or create it/,
    );
  });

  test('a port without a server', async () => {
    expect(await sentenceOf({ address: '127.0.0.1:1' })).toMatch(/127\.0\.0\.1:1 .*nothing listens there/);
  });

  test('a host that does not exist', async () => {
    expect(await sentenceOf({ address: 'temporal.invalid:7233' })).toMatch(/there is no host of that name/);
  });

  test('a server of another protocol', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    expect(await sentenceOf({ address: `127.0.0.1:${await portOf(server)}` })).toMatch(
      /something else than Temporal listens there/,
    );
  });

  test('a gateway that rejects the caller', async () => {
    const server = createSecureServer(
      { key: read('server.key'), cert: read('server.pem') },
      (_, response) => {
        response.stream.respond(
          {
            ':status': 200,
            'content-type': 'application/grpc',
            'grpc-status': '16',
            'grpc-message': 'Request unauthorized.',
          },
          { endStream: true },
        );
      },
    );
    const tlsOptions = { serverRootCACertificate: read('ca.pem') };
    const address = `localhost:${await portOf(server)}`;
    expect(await sentenceOf({ address, tls: tlsOptions, apiKey: 'k' })).toMatch(
      /denied access to the namespace "default": Request unauthorized\. Check TEMPORAL_API_KEY/,
    );
  });
});
