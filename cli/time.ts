import { InvalidArgumentError } from 'commander';
import { parseInterval } from '../rules/schedule.js';

/** Reads a point in time: an interval before now, or ISO 8601 in UTC or with an offset. */
export function pointInTime(text: string): Date {
  const interval = parseInterval(text);
  if (interval !== undefined) return new Date(Date.now() - interval);
  // Without an offset the time would be another one on each machine.
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const time = new Date(isIso ? text : Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'It must be an interval such as 7d, a date such as 2026-11-01 (UTC), or a time such as 2026-11-01T08:00:00Z.',
    );
  return time;
}

/** Reads an interval, as milliseconds. */
export function interval(text: string): number {
  const milliseconds = parseInterval(text);
  if (milliseconds === undefined) throw new InvalidArgumentError('It must be an interval such as 1m or 30s.');
  return milliseconds;
}
