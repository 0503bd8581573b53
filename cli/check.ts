import type { Command } from 'commander';
import type { AuditNote } from '../rules/messages.js';
import { withRemarkFlags } from './audit-note-flags.js';
import { defineCommand } from './command.js';
import { showText } from './show-text.js';
import { withRefunds } from './temporal.js';

/** `check`: runs the next planned inquiry now. */
export function checkCommand(): Command {
  const command = defineCommand<AuditNote>('check <ID>', {
    description: 'run the next planned inquiry of a refund now; it counts as that inquiry',
    examples: ["check R-1001 --by ana --reason 'WorldFirst says that it is done'"],
    run: async ({ args: [id = ''], options: { by, reason }, output, env }) => {
      const view = await withRefunds(env, (refunds) => refunds.checkNow(id, { by, reason }));
      output.result(view, () => showText(view));
      return undefined;
    },
  });
  return withRemarkFlags(command);
}
