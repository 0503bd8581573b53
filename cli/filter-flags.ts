import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RefundFilter, RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { ATTENTION } from '../rules/attention.js';
import { PRODUCTS } from '../rules/request.js';
import { parseInterval } from '../rules/schedule.js';

/** The flags that choose refunds. */
export type FilterFlags = Omit<RefundFilter, 'status'>;

/**
 * Adds the flags that choose refunds.
 * @param when the beginning of their help text, where they do not always apply
 */
export function withFilterFlags(
  command: Command,
  { when = '', limit = 'at most this many' }: { when?: string; limit?: string } = {},
): Command {
  return command
    .addOption(
      new Option('--attention <reason>', `${when}only those that need an operator for this reason`).choices(
        Object.keys(ATTENTION),
      ),
    )
    .addOption(new Option('--product <product>', `${when}only this product`).choices(PRODUCTS))
    .option('--reference <id>', `${when}only this tradeId or payToId`)
    .option(
      '--older-than <interval>',
      `${when}only those that started more than this long ago, such as 2h or 1d`,
      ago,
    )
    .option('--limit <count>', `${when}${limit}`, positive);
}

/** The filter from the flags, without the other options of a command. */
export function filterFrom({ attention, product, reference, olderThan }: FilterFlags): RefundFilter {
  return {
    ...(attention && { attention }),
    ...(product && { product }),
    ...(reference !== undefined && { reference }),
    ...(olderThan && { olderThan }),
  };
}

/**
 * The refunds that match a filter, newest first, and whether there are more than the limit allows.
 * @param limit all of them when absent
 */
export async function collect(
  refunds: RefundClient,
  filter: RefundFilter,
  limit?: number,
): Promise<{ found: RefundSummary[]; more: boolean }> {
  const found: RefundSummary[] = [];
  const most = limit === undefined ? {} : { limit: limit + 1 };
  for await (const summary of refunds.list({ ...filter, ...most })) found.push(summary);
  const more = limit !== undefined && found.length > limit;
  // Temporal lists running refunds before those that have ended.
  return { found: found.slice(0, limit).sort(newestFirst), more };
}

function newestFirst(a: RefundSummary, b: RefundSummary): number {
  return b.startedAt.localeCompare(a.startedAt);
}

function ago(text: string): Date {
  const milliseconds = parseInterval(text);
  if (milliseconds === undefined)
    throw new InvalidArgumentError('It must be an interval such as 30m, 2h or 1d.');
  return new Date(Date.now() - milliseconds);
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a count such as 20.');
  return Number(text);
}
