import { Argument, type Command } from 'commander';
import { DECISIONS, type DecisionName } from '../refund/decide.js';
import type { Remark } from '../refund/messages.js';
import { defineCommand } from './command.js';
import { withRemarkFlags } from './remark-flags.js';
import { showText } from './show-text.js';
import { withRefunds } from './temporal.js';

interface Options extends Remark {
  evidence?: string;
}

const NAMES = Object.keys(DECISIONS) as DecisionName[];

/** `decide`: a person's decision about a refund that waits for one. */
export function decideCommand(): Command {
  const command = defineCommand<Options>('decide <ID>', {
    description: 'decide how a refund that waits for a person goes on; `show` says which decisions apply now',
    details: `Decisions:\n${decisionsText()}`,
    example:
      "decide R-1001 mark-succeeded --by ana --reason 'closed with WorldFirst' --evidence 'ticket 4711'",
    run: async ({ args: [id = '', decision], options: { by, reason, evidence }, output, env }) => {
      const message = {
        decision: decision as DecisionName,
        by,
        reason,
        ...(evidence !== undefined && { evidence }),
      };
      const view = await withRefunds(env, (refunds) => refunds.decide(id, message));
      output.result(view, () => showText(view));
      return undefined;
    },
  }).addArgument(new Argument('<DECISION>', 'one of the decisions below').choices(NAMES));
  return withRemarkFlags(command).option(
    '--evidence <text>',
    'what shows that it is so; needed to close a refund',
  );
}

function decisionsText(): string {
  const width = Math.max(...NAMES.map((name) => name.length));
  return NAMES.map((name) => `  ${name.padEnd(width)}  ${DECISIONS[name].effect}`).join('\n');
}
