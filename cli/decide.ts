import type { Command } from 'commander';
import { defineCommand } from './command.js';
import { type BulkFlags, decideMany, withBulkFlags } from './decide-many.js';
import { decideOne } from './decide-one.js';
import type { DecisionFlags } from './decision-flags.js';
import { DECISION_NAMES, decisionsText } from './decisions-text.js';

/** `decide`: a person's decision about a refund that waits for one, or about all that wait for one reason. */
export function decideCommand(): Command {
  const command = defineCommand<DecisionFlags & BulkFlags>('decide [ID] [DECISION]', {
    description:
      'decide how a refund that waits for a person goes on; on a terminal it shows what applies now, and asks for what is missing',
    details: `Decisions:\n${decisionsText(DECISION_NAMES)}`,
    examples: [
      'decide R-1001',
      "decide R-1001 mark-succeeded --by ana --reason 'closed with WorldFirst' --evidence 'ticket 4711'",
      "decide --all --attention configuration send-again --by ana --reason 'the key is mended' --dry-run",
      "decide --all --attention configuration send-again --by ana --reason 'the key is mended' --older-than 1h --yes",
    ],
    run: (invocation) => (invocation.options.all ? decideMany(invocation) : decideOne(invocation)),
  })
    .option('--by <name>', 'who you are')
    .option('--reason <text>', 'why you do this')
    .option('--evidence <text>', 'what shows that it is so; needed to close a refund');
  return withBulkFlags(command);
}
