import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { showText } from './show-text.js';
import { withRefunds } from './temporal.js';

/** `show`: one refund. */
export function showCommand(): Command {
  return defineCommand('show <ID>', {
    description: 'show one refund: where it stands, what happened, what comes next, what a person can decide',
    examples: ['show R-1001'],
    run: async ({ args: [id = ''], output, env }) => {
      const view = await withRefunds(env, (refunds) => refunds.describe(id));
      output.result(view, () => showText(view));
      return undefined;
    },
  });
}
