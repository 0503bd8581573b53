import { connect } from 'node:net';
import fc from 'fast-check';

const PATIENCE_MS = 5_000;

/** What a server says to these bytes until it closes the connection, as Latin-1. */
export function say(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    // A server that leaves a connection open says nothing more on it; one that resets it has said what it had to say.
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

/** Requests of HTTP, hardly any of them well formed. */
export function rawRequests(path: string, headers: Record<string, string>, body: string) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const starts = [
    `POST ${path} HTTP/1.1\r\n`,
    `POST ${path} HTTP/1.0\r\n`,
    `POST http://evil.example${path} HTTP/1.1\r\n`,
    `POST /${path} HTTP/1.1\r\n`,
    `post ${path} HTTP/1.1\r\n`,
    `GET ${path}?a=%00%ff HTTP/1.1\r\n`,
    'OPTIONS * HTTP/1.1\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\n',
    `TRACE ${path} HTTP/1.1\r\n`,
    'POST /__proto__ HTTP/1.1\r\n',
    'POST constructor HTTP/1.1\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ];
  const pieces = [
    ...lines,
    'Host: h\r\n',
    'Host: [::\r\n',
    'Content-Length: 5\r\n',
    `Content-Length: ${Buffer.byteLength(body)}\r\n`,
    'Content-Length: 99999999999999999999\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip\r\n',
    'Content-Encoding: gzip\r\n',
    'Expect: 100-continue\r\n',
    'Expect: everything\r\n',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    'Cookie: \u00ff\u0080\r\n',
    `X: ${'x'.repeat(20_000)}\r\n`,
    'No-Colon\r\n',
    ' folded\r\n',
    '\r\n',
    '\n',
    '\0',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'FFFFFFFFFFFFFFFFF\r\n',
    body,
  ];
  const some = fc.array(fc.constantFrom(...pieces), { maxLength: 12 });
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.constantFrom(...starts), some)
      .map(([start, parts]) => Buffer.from([start, ...parts].join(''), 'latin1')),
    // Well formed but for one thing.
    fc.tuple(fc.constantFrom(...starts.slice(0, 5)), fc.constantFrom('', ...pieces)).map(([start, odd]) => {
      const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
      return Buffer.from(`${start}Host: h\r\n${lines.join('')}${length}${odd}\r\n${body}`, 'latin1');
    }),
  );
}
