import type { Command } from 'commander';

/** Adds who it is and why: every message to a refund carries both, and its timeline keeps them. */
export function withRemarkFlags(command: Command): Command {
  return command
    .requiredOption('--by <name>', 'who you are')
    .requiredOption('--reason <text>', 'why you do this');
}
