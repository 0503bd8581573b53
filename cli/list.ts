import { type Command, Option } from 'commander';
import type { RefundClient } from '../client/refund-client.js';
import type { RefundStatus } from '../rules/outcome.js';
import { defineCommand } from './command.js';
import { collect, type FilterFlags, filterFrom, withFilterFlags } from './filter-flags.js';
import { listText } from './list-text.js';
import type { Output } from './output.js';
import { STATUSES } from './status-text.js';
import { withRefunds } from './temporal.js';

interface Options extends FilterFlags {
  status?: RefundStatus;
}

const DEFAULT_LIMIT = 1000;

/** `list`: refunds, newest first. */
export function listCommand(): Command {
  const command = defineCommand<Options>('list', {
    description: 'list refunds, newest first; --status needs-attention is the work queue',
    examples: [
      'list --status needs-attention --older-than 1d',
      'list --attention configuration --product worldtrade --limit 20',
      'list --reference 2026112200001 --json',
      'list --status unknown --json-lines | jq -r .refundRequestId',
    ],
    run: async ({ options, output, env }) => {
      await withRefunds(env, (refunds) => list(refunds, options, output));
      return undefined;
    },
  })
    .addOption(
      new Option(
        '--json-lines',
        'print one JSON document a line for each refund, as they arrive; running ones come first',
      ).conflicts('json'),
    )
    .addOption(new Option('--status <status>', 'only those that stand there').choices(STATUSES));
  return withFilterFlags(command, {
    limit: `at most so many (${DEFAULT_LIMIT}; with --json-lines all)`,
  });
}

async function list(refunds: RefundClient, options: Options, output: Output): Promise<void> {
  const { status, limit } = options;
  const filter = { ...filterFrom(options), ...(status && { status }) };
  if (output.format === 'json-lines') {
    const stream = refunds.list({ ...filter, ...(limit !== undefined && { limit }) });
    for await (const summary of stream) output.document(summary);
    return;
  }
  const { found, more } = await collect(refunds, filter, limit ?? DEFAULT_LIMIT);
  output.result(found, () => listText(found));
  if (more)
    output.note(`there are more: running ones come first, and --limit lists more than ${found.length}`);
}
