import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RefundFilter, RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { ATTENTION } from '../rules/attention.js';
import { parseInterval } from '../rules/schedule.js';

/** What the flags say of which refunds are meant. */
export type FilterFlags = Omit<RefundFilter, 'status'>;

/**
 * Adds the flags that choose refunds.
 * @param when what their help says first, where they do not always count
 */
export function withFilterFlags(
  command: Command,
  { when = '', limit = 'at most so many' }: { when?: string; limit?: string } = {},
): Command {
  return command
    .addOption(
      new Option('--attention <reason>', `${when}only those that wait for a person for this reason`).choices(
        Object.keys(ATTENTION),
      ),
    )
    .addOption(
      new Option('--product <product>', `${when}only this product`).choices(['worldtrade', 'cashier']),
    )
    .option('--reference <id>', `${when}only this tradeId or payToId`)
    .option('--older-than <interval>', `${when}only those that started longer ago, such as 2h or 1d`, ago)
    .option('--limit <count>', `${when}${limit}`, positive);
}

/** The filter that was given, without what else a command has for options. */
export function filterFrom({ attention, product, reference, olderThan }: FilterFlags): RefundFilter {
  return {
    ...(attention && { attention }),
    ...(product && { product }),
    ...(reference !== undefined && { reference }),
    ...(olderThan && { olderThan }),
  };
}

/** The refunds that a filter lets through, newest first, and whether there are more than the limit allows. */
export async function collect(
  refunds: RefundClient,
  filter: RefundFilter,
  limit: number,
): Promise<{ found: RefundSummary[]; more: boolean }> {
  const found: RefundSummary[] = [];
  for await (const summary of refunds.list({ ...filter, limit: limit + 1 })) found.push(summary);
  const more = found.length > limit;
  // Temporal lists those that run before those that have ended.
  return { found: found.slice(0, limit).sort(newestFirst), more };
}

function newestFirst(a: RefundSummary, b: RefundSummary): number {
  return b.startedAt.localeCompare(a.startedAt);
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
