import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';

const DETAILS = `It is printed once and kept nowhere. Put it in front of the keys that are in use: the first key encrypts, and all decrypt.
Every worker must have a new key before any process encrypts with it: see docs/encryption.md.`;

/** `encryption-key`: makes a key for `REFUND_ENCRYPTION_KEYS`. */
export function encryptionKeyCommand(): Command {
  return defineCommand('encryption-key [ID]', {
    description: 'print a new entry of REFUND_ENCRYPTION_KEYS; its id is the current date when absent',
    details: DETAILS,
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
