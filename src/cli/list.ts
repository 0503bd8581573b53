import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RefundSummary } from '../client/list.js';
import { ATTENTION, type AttentionKey } from '../refund/attention.js';
import type { RefundStatus } from '../refund/outcome.js';
import type { Product } from '../refund/request.js';
import { parseInterval } from '../refund/schedule.js';
import { defineCommand } from './command.js';
import { listText } from './list-text.js';
import { STATUSES } from './status-text.js';
import { withRefunds } from './temporal.js';

interface Options {
  status?: RefundStatus;
  attention?: AttentionKey;
  product?: Product;
  reference?: string;
  olderThan?: Date;
  limit?: number;
}

const DEFAULT_LIMIT = 1000;

/** `list`: refunds, newest first. */
export function listCommand(): Command {
  return defineCommand<Options>('list', {
    description: 'list refunds, newest first; --status needs-attention is the work queue',
    example: 'list --status needs-attention --older-than 1d',
    run: async ({ options, output, env }) => {
      const { status, attention, product, reference, olderThan, limit = DEFAULT_LIMIT } = options;
      const filter = { status, attention, product, reference, olderThan };
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      // One more than is shown tells whether there are more.
      const found = await withRefunds(env, async (refunds) => {
        const summaries: RefundSummary[] = [];
        for await (const summary of refunds.list({ ...given, limit: limit + 1 })) summaries.push(summary);
        return summaries;
      });
      const shown = found.slice(0, limit);
      output.result(shown, () => listText(shown));
      if (found.length > limit) output.note(`only the newest ${limit} are listed; --limit lists more`);
      return undefined;
    },
  })
    .addOption(new Option('--status <status>', 'only those that stand there').choices(STATUSES))
    .addOption(
      new Option('--attention <reason>', 'only those that wait for a person for this reason').choices(
        Object.keys(ATTENTION),
      ),
    )
    .addOption(new Option('--product <product>', 'only this product').choices(['worldtrade', 'cashier']))
    .option('--reference <id>', 'only this tradeId or payToId')
    .option('--older-than <interval>', 'only those that started longer ago, such as 2h or 1d', ago)
    .option('--limit <count>', `at most so many (${DEFAULT_LIMIT})`, positive);
}

function ago(text: string): Date {
  const milliseconds = parseInterval(text);
  if (milliseconds === undefined) throw new InvalidArgumentError('It is no interval such as 30m, 2h or 1d.');
  return new Date(Date.now() - milliseconds);
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It is no count such as 20.');
  return Number(text);
}
