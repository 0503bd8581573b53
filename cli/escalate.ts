import type { Command } from 'commander';
import type { AuditNote } from '../rules/messages.js';
import { withRemarkFlags } from './audit-note-flags.js';
import { defineCommand } from './command.js';
import { showText } from './show-text.js';
import { withRefunds } from './temporal.js';

/** `escalate`: stops the automatic work of a refund. */
export function escalateCommand(): Command {
  const command = defineCommand<AuditNote>('escalate <ID>', {
    description: 'stop the automatic work of a refund, so that a person can decide how it goes on',
    examples: ["escalate R-1001 --by ana --reason 'the customer called'"],
    run: async ({ args: [id = ''], options: { by, reason }, output, env }) => {
      const view = await withRefunds(env, (refunds) => refunds.escalate(id, { by, reason }));
      output.result(view, () => showText(view));
      return undefined;
    },
  });
  return withRemarkFlags(command);
}
