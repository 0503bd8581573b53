import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { JsonMistake, parseJson } from '../internal/json-text.js';
import { EncodingMistake, utf8Text } from '../internal/utf8.js';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { cashierCommand, worldtradeCommand } from './refund-flags.js';
import { type StartOptions, startRefund } from './start-refund.js';

/** `refund`: starts the refund that a JSON file describes, or that the flags of its subcommands describe. */
export function refundCommand(): Command {
  const command = defineCommand<StartOptions>('refund [FILE]', {
    description:
      'start the refund that a JSON file describes ("-" reads stdin); starting the same one twice is harmless',
    examples: ['refund refund.json --wait'],
    run: async (invocation) => {
      const [file] = invocation.args;
      if (file === undefined)
        throw new CliError(
          'USAGE',
          'name a JSON file, or "-" for stdin, or use `refund worldtrade` or `refund cashier`',
        );
      return startRefund(invocation, requestFrom(file, await contentOf(file)));
    },
  });
  return withStartFlags(command)
    .enablePositionalOptions()
    .addCommand(withStartFlags(worldtradeCommand()))
    .addCommand(withStartFlags(cashierCommand()));
}

function withStartFlags(command: Command): Command {
  return command
    .option('--wait', 'wait until the refund ends or needs an operator')
    .option('--allow-another', 'even if the order has another refund that is open or has succeeded')
    .option('--inquire-after <intervals>', 'when to inquire after an unknown result, such as 5m,10m,20m')
    .option('--settle-after <intervals>', 'when to inquire after the settlement, such as 0s,5m,24h');
}

function requestFrom(file: string, content: Buffer): unknown {
  const refused = (what: string) =>
    new CliError('INVALID_REQUEST', `${nameOf(file)} ${what}. Nothing was started.`);
  try {
    return parseJson(utf8Text(content));
  } catch (error) {
    if (error instanceof EncodingMistake) throw refused(error.message);
    if (error instanceof JsonMistake) throw refused(`is not valid JSON: ${error.message}`);
    throw error;
  }
}

// A request has one megabyte at most, and there may be blanks in it.
const MOST_MEGABYTES = 64;

async function contentOf(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      bytes += chunk.length;
      if (bytes <= MOST_MEGABYTES * 1_000_000) chunks.push(chunk);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code;
    throw new CliError('USAGE', `${nameOf(file)} cannot be read: ${reason}. Nothing was started.`);
  }
  if (bytes <= MOST_MEGABYTES * 1_000_000) return Buffer.concat(chunks);
  const size = Math.ceil(bytes / 10_000) / 100;
  throw new CliError(
    'INVALID_REQUEST',
    `the request in ${nameOf(file)} has ${size} MB, at most ${MOST_MEGABYTES} MB. Nothing was started.`,
  );
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}
