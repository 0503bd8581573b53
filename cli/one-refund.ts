import type { Command } from 'commander';
import type { RefundClient } from '../client/refund-client.js';
import type { StartedRefund } from '../client/refund-starter.js';
import type { AuditNote } from '../rules/messages.js';
import type { RefundView } from '../rules/view.js';
import { defineCommand } from './command.js';
import { showText } from './refund-text.js';
import { shellWord } from './shell.js';
import { withRefunds, withTracedRefunds } from './temporal.js';

/** `show`: one refund. */
export function showCommand(): Command {
  return defineCommand('show <ID>', {
    description: 'show one refund: status, timeline, next step and possible decisions',
    examples: ['show R-1001'],
    run: async ({ args: [id = ''], output, env }) => {
      const view = await withRefunds(env, (refunds) => refunds.describe(id));
      output.result(view, () => showText(view));
      return undefined;
    },
  });
}

/** `check`: runs the next planned inquiry now. */
export function checkCommand(): Command {
  return messageCommand('check <ID>', {
    description: 'run the next planned inquiry now; it counts, and may send the identical request again',
    examples: ["check R-1001 --by ana --reason 'WorldFirst reports it settled'"],
    send: (refunds, id, note) => refunds.checkNow(id, note),
  });
}

/** `escalate`: halts the automatic work of a refund. */
export function escalateCommand(): Command {
  return messageCommand('escalate <ID>', {
    description: 'halt the automatic work of a refund until an operator decides',
    examples: ["escalate R-1001 --by ana --reason 'the customer called'"],
    send: (refunds, id, note) => refunds.escalate(id, note),
  });
}

/** `resume`: resumes a refund whose workflow was terminated or failed. */
export function resumeCommand(): Command {
  return defineCommand('resume <ID>', {
    description:
      'resume a refund whose workflow was terminated or failed: inquire first, and send the identical request only if WorldFirst does not know the refund',
    examples: ['resume R-1001'],
    run: async (invocation) => {
      const [id = ''] = invocation.args;
      const resumed = await withTracedRefunds(invocation, (refunds) => refunds.resume(id));
      invocation.output.result(resumed, () => resumedText(resumed));
      return undefined;
    },
  });
}

/** What `resume` did. */
export function resumedText({ refundRequestId, workflowId, started, paused }: StartedRefund): string {
  if (started) return `resumed refund ${refundRequestId} (workflow ${workflowId})`;
  const state = paused ? 'paused' : 'running';
  const unpause = `\nunpause it with: temporal workflow unpause --workflow-id ${shellWord(workflowId)}`;
  return `refund ${refundRequestId} is ${state}: nothing was started${paused ? unpause : ''}`;
}

interface Message {
  description: string;
  examples: readonly string[];
  send(refunds: RefundClient, id: string, note: AuditNote): Promise<RefundView>;
}

/** A command that sends a message to one refund. Every message has `--by` and `--reason`, which its timeline keeps. */
function messageCommand(usage: string, { send, ...definition }: Message): Command {
  return defineCommand<AuditNote>(usage, {
    ...definition,
    run: async (invocation) => {
      const [id = ''] = invocation.args;
      const { by, reason } = invocation.options;
      const view = await withTracedRefunds(invocation, (refunds) => send(refunds, id, { by, reason }));
      invocation.output.result(view, () => showText(view));
      return undefined;
    },
  })
    .requiredOption('--by <name>', 'who you are')
    .requiredOption('--reason <text>', 'why you do this');
}
