import type { Command } from 'commander';
import { createProgram } from '../../cli/program.js';

/** The output of `--help`, of the program and of each of its commands. */
export function helpOfEveryCommand(): string {
  const program = createProgram();
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  return [program, ...commands.filter((command) => command.name() !== 'help')].map(helpOf).join('\n\n');
}

function helpOf(command: Command): string {
  let text = '';
  // Without colours, and of the same width on every machine.
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `## ${nameOf(command)}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;
}

/** As it is typed after the name of the program: `refund worldtrade`. */
function nameOf(command: Command): string {
  const { parent } = command;
  if (!parent) return command.name();
  return parent.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}
