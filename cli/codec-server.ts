import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { portNumber } from './sandbox.js';
import { aborted, stopSignal } from './stop-signal.js';

interface CodecServerFlags {
  port: number;
  host: string;
  origin?: string;
}

const DETAILS = `It has the keys or the module of the workers (docs/encryption.md). Callers that may decode can read every refund: with
REFUND_CODEC_TOKEN each call must have that token. Without it the server listens on loopback only.`;

/** `codec-server`: decrypts for Temporal's Web UI and command line until it is stopped. */
export function codecServerCommand(): Command {
  return defineCommand<CodecServerFlags>('codec-server', {
    description:
      "encode and decode payloads for Temporal's Web UI and command line, until SIGINT or SIGTERM; then exit with 0",
    details: DETAILS,
    examples: ['codec-server --port 8081 --origin https://temporal.example.com'],
    run: async ({ options: { host, port, origin }, output, env }) => {
      const { readCodecServerConfig } = await import('../worker/data-converter.js');
      const { codecs, token } = readCodecServerConfig(env, host);
      const { bearerToken, createCodecHandler } = await import('../encryption/index.js');
      const { openServer } = await import('./notification-server.js');
      const handler = createCodecHandler({
        codecs,
        authorize: token === undefined ? () => true : bearerToken(token),
        ...(origin !== undefined && { origin }),
        report: (line) => output.note(line),
      });
      const stop = stopSignal();
      const server = await openServer(handler, { host, port });
      output.result({ url: server.url }, () => `codec server ready: ${server.url}`);
      await aborted(stop);
      await server.drain();
      return undefined;
    },
  })
    .requiredOption('--port <port>', 'where it listens; 0 for any free port', portNumber)
    .option('--host <host>', 'on which of the addresses of this machine', '127.0.0.1')
    .option(
      '--origin <origin>',
      'the origin of the Web UI whose pages may call, such as http://localhost:8233',
    );
}
