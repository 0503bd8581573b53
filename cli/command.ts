import { Command } from 'commander';
import { EXIT, type ExitCode } from './failure.js';
import type { LogFlags } from './log.js';
import { type Format, Output } from './output.js';
import { addTemporalFlags, type TemporalFlags, withTemporalFlags } from './temporal.js';

/** One call of a command. */
export interface Invocation<Options> {
  args: string[];
  options: Options;
  output: Output;
  /** The environment, with Temporal's connection flags in it. */
  env: NodeJS.ProcessEnv;
}

interface Definition<Options> {
  description: string;
  /** More text of the help, before the example. */
  details?: string;
  /** What is typed after the program's name. */
  examples: readonly string[];
  /** Returns the exit code; undefined means success. */
  run: (invocation: Invocation<Options>) => Promise<ExitCode | undefined>;
}

/** Makes a command with what every command has: `--json`, Temporal's connection flags, an example in its help. */
export function defineCommand<Options extends object>(
  usage: string,
  { description, examples, details, run }: Definition<Options>,
): Command {
  const [name = '', ...args] = usage.split(' ');
  const command = new Command(name)
    .description(description)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      [
        ...(details ? ['', details] : []),
        '',
        examples.length > 1 ? 'Examples:' : 'Example:',
        ...examples.map((example) => `  $ worldfirst-refunds ${example}`),
      ].join('\n'),
    )
    .showHelpAfterError('(add --help to see how it is used)')
    .exitOverride();
  for (const argument of args) command.argument(argument);
  return addTemporalFlags(command).action(async (...received: unknown[]) => {
    const self = received.at(-1) as Command;
    const options = self.optsWithGlobals<Options & TemporalFlags & FormatFlags>();
    const output = new Output(formatOf(options), options.logFormat);
    // Loaded here, so that help does not wait for it.
    const { misspeltNames } = await import('../worker/environment.js');
    for (const line of misspeltNames(process.env)) output.warn(line);
    process.exitCode = await codeOf(output, () =>
      run({ args: self.args, options, output, env: withTemporalFlags(process.env, options) }),
    );
  });
}

interface FormatFlags extends LogFlags {
  json?: boolean;
  jsonLines?: boolean;
}

function formatOf({ json, jsonLines }: FormatFlags): Format {
  if (jsonLines) return 'json-lines';
  return json ? 'json' : 'text';
}

async function codeOf(output: Output, run: () => Promise<ExitCode | undefined>): Promise<ExitCode> {
  try {
    return (await run()) ?? EXIT.done;
  } catch (error) {
    return output.failure(error);
  }
}
