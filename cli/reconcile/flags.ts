import { type Command, InvalidArgumentError, Option } from 'commander';
import { PRODUCTS, type Product } from '../../rules/request.js';
import { parseInterval } from '../../rules/schedule.js';

/** The flags that choose refunds, and the rate. A subcommand has them too, so the defaults are not commander's. */
export interface PeriodFlags {
  since?: string;
  product?: Product;
  callsPerSecond?: number;
}

/** The flags of `reconcile`. */
export interface ReconcileOptions extends PeriodFlags {
  statement?: string;
  columns?: string;
  csv?: string;
}

export const DEFAULT_SINCE = '7d';
export const DEFAULT_CALLS_PER_SECOND = 2;

/** Adds the flags that choose refunds, and the rate. */
export function withPeriodFlags(command: Command): Command {
  return command
    .option('--since <interval>', 'refunds that ended within this time, such as 12h; 7d by default', interval)
    .addOption(new Option('--product <product>', 'only this product').choices(PRODUCTS))
    .option('--calls-per-second <count>', 'how many inquiries begin within a second; 2 by default', rate);
}

function interval(text: string): string {
  if (!parseInterval(text)) throw new InvalidArgumentError('It must be an interval such as 12h or 7d.');
  return text;
}

function rate(text: string): number {
  if (!/^\d{1,3}(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 100)
    throw new InvalidArgumentError('It must be a number above 0, at most 100.');
  return Number(text);
}
