import type { Command } from 'commander';
import { createProgram } from '../../cli/program.js';

/** The output of `--help`, of the program and of each of its commands. */
export function helpOfEveryCommand(): string {
  const program = createProgram();
  return [program, ...program.commands.filter((command) => command.name() !== 'help')]
    .map(helpOf)
    .join('\n\n');
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
  return `## ${command.parent ? command.name() : 'worldfirst-refunds'}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;
}
