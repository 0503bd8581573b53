import { type Command, InvalidArgumentError, Option } from 'commander';
import { PRODUCTS, type Product } from '../../rules/request.js';
import { pointInTime } from '../time.js';
import type { Statuses } from './statement-statuses.js';

/** The flags that choose refunds, and the rate. A subcommand has them too, so the defaults are not commander's. */
export interface PeriodFlags {
  /** A point in time as {@link pointInTime} reads it; of a schedule an interval. */
  since?: string;
  product?: Product;
  callsPerSecond?: number;
}

/** The flags of `reconcile`. */
export interface ReconcileOptions extends PeriodFlags {
  statement?: string;
  columns?: string;
  statuses?: Statuses;
  csv?: string;
}

export const DEFAULT_SINCE = '7d';
export const DEFAULT_CALLS_PER_SECOND = 2;

/** Adds the flags that choose refunds, and the rate. */
export function withPeriodFlags(command: Command): Command {
  return command
    .option(
      '--since <time>',
      'refunds that ended since then, such as 12h or 2026-11-01T08:00:00Z; 7d by default',
      time,
    )
    .addOption(new Option('--product <product>', 'only this product').choices(PRODUCTS))
    .option('--calls-per-second <count>', 'how many inquiries begin within a second; 2 by default', rate);
}

function time(text: string): string {
  pointInTime(text);
  return text;
}

function rate(text: string): number {
  if (!/^\d{1,3}(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 100)
    throw new InvalidArgumentError('It must be a number above 0, at most 100.');
  return Number(text);
}
