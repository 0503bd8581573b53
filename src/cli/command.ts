import { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import { Output } from './output.js';
import { addTemporalFlags, type TemporalFlags, withTemporalFlags } from './temporal-flags.js';

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
  /** What the help says besides, before the example. */
  details?: string;
  /** What is typed after the program's name. */
  example: string;
  /** Returns the exit code; nothing means that all is well. */
  run: (invocation: Invocation<Options>) => Promise<ExitCode | undefined>;
}

/** Makes a command with all that every command has: `--json`, Temporal's connection flags, an example in its help. */
export function defineCommand<Options extends object>(
  usage: string,
  { description, example, details, run }: Definition<Options>,
): Command {
  const [name = '', ...args] = usage.split(' ');
  const command = new Command(name)
    .description(description)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      [...(details ? ['', details] : []), '', 'Example:', `  $ worldfirst-refunds ${example}`].join('\n'),
    )
    .showHelpAfterError('(add --help to see how it is used)')
    .exitOverride();
  for (const argument of args) command.argument(argument);
  return addTemporalFlags(command).action(async (...received: unknown[]) => {
    const self = received.at(-1) as Command;
    const options = self.optsWithGlobals<Options & TemporalFlags & { json?: boolean }>();
    const output = new Output(options.json ?? false);
    process.exitCode = await codeOf(output, () =>
      run({ args: self.args, options, output, env: withTemporalFlags(process.env, options) }),
    );
  });
}

async function codeOf(output: Output, run: () => Promise<ExitCode | undefined>): Promise<ExitCode> {
  try {
    return (await run()) ?? EXIT.done;
  } catch (error) {
    return output.failure(error);
  }
}
