import { createServer, type Socket } from 'node:net';
import { type Opened, opened } from '../support/loopback.js';

/** Answers a request below HTTP: with these bytes, or with whatever it does to the socket. */
export type RawAnswer = Buffer | ((socket: Socket) => void);

/** A server that reads whole requests and answers with any bytes, well formed or not. */
export class RawServer {
  /** Every request, byte for byte, as Latin-1. */
  readonly requests: string[] = [];
  answer: RawAnswer = Buffer.alloc(0);
  /** How many bytes the network took of what was written. */
  taken = 0;
  #server?: Opened;

  async start(): Promise<void> {
    this.#server = await opened(createServer((socket) => this.#serve(socket)));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  #serve(socket: Socket): void {
    let received = '';
    socket.on('close', () => {
      this.taken += socket.bytesWritten - socket.writableLength;
    });
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const [head = '', body] = received.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body === undefined || received.length < head.length + 4 + length) return;
      this.requests.push(received);
      received = '';
      if (typeof this.answer === 'function') this.answer(socket);
      else socket.end(this.answer);
    });
  }
}

/** An answer of HTTP from its parts; a body's length is told unless the headers tell something. */
export function http({
  status = 200,
  headers = {},
  body = '',
}: {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
}): Buffer {
  const bytes = Buffer.from(body);
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const isFramed = names.includes('content-length') || names.includes('transfer-encoding');
  const lines = Object.entries({ ...headers, ...(!isFramed && { 'Content-Length': String(bytes.length) }) });
  const head = lines.flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`));
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${head.join('')}\r\n`, 'latin1'), bytes]);
}
