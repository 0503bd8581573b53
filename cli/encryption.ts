import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { type ListenFlags, openServer, withListenFlags } from './http-server.js';
import { aborted, stopSignal } from './stop-signal.js';

interface CodecServerFlags extends ListenFlags {
  origin?: string;
}

const CODEC_DETAILS = `It uses the keys or the module of the workers (docs/encryption.md). Every caller can read every refund: with
REFUND_CODEC_TOKEN each call must have that token. Without it the server listens on loopback only.`;

/** `codec-server`: decrypts for Temporal's Web UI and command line until it is stopped. */
export function codecServerCommand(): Command {
  const command = defineCommand<CodecServerFlags>('codec-server', {
    description:
      "encode and decode payloads for Temporal's Web UI and command line, until SIGINT or SIGTERM; then exit with 0",
    details: CODEC_DETAILS,
    examples: ['codec-server --port 8081 --origin https://temporal.example.com'],
    run: async ({ options: { host, port, origin }, output, env }) => {
      const { readCodecServerConfig } = await import('../worker/data-converter.js');
      const { codecs, token } = readCodecServerConfig(env, host);
      const { bearerToken, createCodecHandler } = await import('../encryption/index.js');
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
  });
  return withListenFlags(command).option(
    '--origin <origin>',
    'the allowed origin of the Web UI, such as http://localhost:8233',
  );
}

const KEY_DETAILS = `The key is printed once and not stored. First add it BEHIND the current keys of every process; when all have it, move
it to the front. The first key encrypts, and every key decrypts: see docs/encryption.md.`;

/** `encryption-key`: makes a key for `REFUND_ENCRYPTION_KEYS`. */
export function encryptionKeyCommand(): Command {
  return defineCommand('encryption-key [ID]', {
    description: 'print a new entry of REFUND_ENCRYPTION_KEYS; default ID: the current date',
    details: KEY_DETAILS,
    examples: ['encryption-key 2026-11'],
    run: async ({ args, output }) => {
      const [id = new Date().toISOString().slice(0, 10)] = args;
      const { newKeyEntry, parseKeys } = await import('../encryption/keys.js');
      const entry = newKeyEntry(id);
      const read = parseKeys(entry);
      if ('mistakes' in read)
        throw new CliError('USAGE', `${id} cannot be the id of a key: ${read.mistakes[0]}`);
      output.result({ id, entry }, () => entry);
      return undefined;
    },
  });
}
