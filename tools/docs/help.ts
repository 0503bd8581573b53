import type { Command } from 'commander';
import { createProgram } from '../../cli/program.js';

/** What `--help` says, of the program and of each of its commands. */
export function helpOfEveryCommand(): string {
  const program = createProgram();
  return [program, ...program.commands.filter((command) => command.name() !== 'help')]
    .map(helpOf)
    .join('\n\n');
}

function helpOf(command: Command): string {
  let text = '';
  // A help that is written to no terminal has no colours, and the same width everywhere.
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `## ${command.parent ? command.name() : 'worldfirst-refunds'}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;
}
