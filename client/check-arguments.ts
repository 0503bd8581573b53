import { isDate } from 'node:util/types';
import {
  boolean,
  type Check,
  integer,
  isObject,
  issuesOf,
  narrow,
  object,
  optional,
  text,
  type ValidationIssue,
  where,
} from '../internal/check.js';
import { ATTENTION, type AttentionKey } from '../rules/attention.js';
import { PRODUCTS, type Product } from '../rules/request.js';
import { checkOptions, DAY, type RefundOptions } from '../rules/schedule.js';
import { parseCursor } from './audit-cursor.js';
import type { AuditOptions } from './audit-records.js';
import { InvalidRefundRequestError } from './errors.js';
import { LISTED_STATUSES, type RefundFilter } from './list-refunds.js';

// Node's timers end at 2^31 milliseconds: a longer one fires at once, and gRPC throws where nothing catches it.
const MOST_DAYS = 24;
const TOO_FAR = `must be at most ${MOST_DAYS} days from now`;

const oneOf = <T extends string>(values: readonly T[]): Check<T> =>
  narrow(
    text(1, 64),
    (value): value is T => (values as readonly string[]).includes(value),
    `must be one of ${values.join(', ')}`,
  );

const name = text(1, 1000);

const date: Check<Date> = (value, path) =>
  isDate(value) && !Number.isNaN(value.getTime())
    ? []
    : [{ path, message: 'must be a Date, and not an invalid one' }];

const filter: Check<RefundFilter> = object(
  {
    status: optional(oneOf(LISTED_STATUSES)),
    attention: optional(oneOf(Object.keys(ATTENTION) as AttentionKey[])),
    product: optional(oneOf<Product>(PRODUCTS)),
    reference: optional(name),
    olderThan: optional(date),
    limit: optional(integer(0)),
  },
  'is not a field of a filter',
);

const wait = object({
  until: oneOf(['answer', 'idle']),
  timeout: optional(
    where(integer(0), (timeout) =>
      timeout > MOST_DAYS * DAY ? `must be at most ${MOST_DAYS * DAY} (${MOST_DAYS} days)` : undefined,
    ),
  ),
});

const signal: Check<AbortSignal> = (value, path) =>
  isObject(value) && 'aborted' in value ? [] : [{ path, message: 'must be an AbortSignal' }];

const watchOptions = object({ signal: optional(signal) }, 'is not an option');

const MOST_AT_ONCE = 1000;
const TOO_MANY = `must be at most ${MOST_AT_ONCE}`;

const many = object({
  concurrency: optional(where(integer(1), (count) => (count > MOST_AT_ONCE ? TOO_MANY : undefined))),
  startsPerSecond: optional(((value, path) => {
    if (typeof value !== 'number' || !(value > 0)) return [{ path, message: 'must be a number above 0' }];
    return value > MOST_AT_ONCE ? [{ path, message: TOO_MANY }] : [];
  }) as Check<number>),
  signal: optional(signal),
});

const audit = object(
  {
    since: optional(date),
    until: optional(date),
    after: optional(
      where(text(1, 1000), (cursor) =>
        parseCursor(cursor)
          ? undefined
          : 'must be the cursor of an audit record, such as 2026-11-22T08:00:00.000Z/refund:refund-1',
      ),
    ),
    lag: optional(integer(0)),
    signal: optional(signal),
  },
  'is not an option',
);

const deadline: Check<number | Date> = (value, path) => {
  const time = isDate(value) ? value.getTime() : value;
  if (typeof time !== 'number' || !Number.isFinite(time))
    return [{ path, message: 'must be a Date, or milliseconds since 1970' }];
  return time > Date.now() + MOST_DAYS * DAY ? [{ path, message: TOO_FAR }] : [];
};

/** @throws {@link InvalidRefundRequestError} where there is a mistake */
export function refuse(issues: readonly ValidationIssue[]): void {
  if (issues.length > 0) throw new InvalidRefundRequestError(issues);
}

const refusing = (check: Check<unknown>, path: string) => (value: unknown) =>
  refuse(issuesOf(check, value, [path]));

/** @throws {@link InvalidRefundRequestError} where it is not a text, or empty */
export const checkRefundRequestId = refusing(name, 'refundRequestId');
/** @throws {@link InvalidRefundRequestError} where it is not a text, or empty */
export const checkReference = refusing(name, 'reference');
/** @throws {@link InvalidRefundRequestError} with every mistake */
export const checkFilter = refusing(filter, 'filter');
/** @throws {@link InvalidRefundRequestError} with every mistake */
export const checkWatchOptions = refusing(watchOptions, 'options');
/** @throws {@link InvalidRefundRequestError} where it is not a time, or one that timers cannot wait for */
export const checkDeadline = refusing(deadline, 'deadline');

/** @throws {@link InvalidRefundRequestError} with every mistake */
export function checkAuditOptions(options: unknown): void {
  refuse(issuesOf(audit, options, ['options']));
  const { since, until, after } = options as AuditOptions;
  if (since === undefined && after === undefined)
    refuse([{ path: 'options', message: 'must have since or after' }]);
  if (since && until && until <= since)
    refuse([{ path: 'options.until', message: 'must be later than since' }]);
}

/** Every mistake of what `startAndWait` waits for; {@link issuesOfStartOptions} has those of its other options. */
export function issuesOfWait(options: unknown): ValidationIssue[] {
  if (!isObject(options)) return [NOT_AN_OBJECT];
  const { until, timeout } = options;
  return issuesOf(wait, { until, timeout }, ['options']);
}

/** Every mistake of how `startMany` spreads the starts; {@link issuesOfStartOptions} has those of its other options. */
export function issuesOfManyOptions(options: unknown): ValidationIssue[] {
  return issuesOf(many, options, ['options']);
}

/** Every mistake of the options with which one refund is started. */
export function issuesOfStartOptions(given: unknown, defaults: RefundOptions): ValidationIssue[] {
  if (!isObject(given)) return [NOT_AN_OBJECT];
  const { allowAnother, ...own } = given;
  const options = { ...defaults, ...own };
  const issues = checkOptions(options);
  return [
    ...issuesOf(object({ allowAnother: optional(boolean) }), { allowAnother }, ['options']),
    ...(issues.length > 0 ? issues : futureStart(options)),
  ];
}

const NOT_AN_OBJECT = { path: 'options', message: 'must be an object' };

/** The clock of the computer on which the earlier workflow's history is from may be another one, so a day is let through. */
function futureStart({ alreadySent }: RefundOptions): ValidationIssue[] {
  if (typeof alreadySent !== 'object' || Date.parse(alreadySent.startedAt) <= Date.now() + DAY) return [];
  return [{ path: 'options.alreadySent.startedAt', message: 'must not be in the future' }];
}
