import {
  boolean,
  type Check,
  type Infer,
  integer,
  isObject,
  issuesOf,
  list,
  object,
  optional,
  text,
  type ValidationIssue,
  where,
} from '../internal/check.js';
import { MOST_GENERATIONS } from './ids.js';

type IntervalText = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/**
 * A length of time: milliseconds, or a number with its unit (`500ms`, `30s`, `5m`, `24h`, `1d`). A text that the compiler
 * does not know needs `as RefundInterval`; the start of a refund checks it.
 */
export type RefundInterval = number | IntervalText;

/**
 * How long to wait before each inquiry after an unknown result, from WorldFirst's page of `applyRefund`: "Maximum 7
 * queries are allowed. Intervals between queries: 5 min, 10 min, 20 min, 40 min, 80 min, 160 min, and 320 min."
 */
export const DOCUMENTED_INQUIRY_INTERVALS: readonly IntervalText[] = [
  '5m',
  '10m',
  '20m',
  '40m',
  '80m',
  '160m',
  '320m',
];

/** How long to wait before each inquiry after an accepted refund: at once, the documented seven, then daily beyond seven working days. */
export const SETTLEMENT_INTERVALS: readonly IntervalText[] = [
  '0s',
  ...DOCUMENTED_INQUIRY_INTERVALS,
  ...Array.from({ length: 11 }, () => '24h' as const),
];

/** An exponential backoff: each wait is twice as long as the one before. In milliseconds. */
export interface Backoff {
  first: number;
  longest: number;
  /** The sum of waits after which no more attempt is made. */
  giveUpAfter: number;
}

/** How long to wait after `retries` failed attempts: not at all before the first one; undefined after `giveUpAfter`. */
export function backoff(retries: number, { first, longest, giveUpAfter }: Backoff): number | undefined {
  if (retries === 0) return 0;
  let [wait, waited] = [first, 0];
  for (let before = 1; before < retries; before += 1) {
    waited += wait;
    wait = Math.min(2 * wait, longest);
  }
  return waited < giveUpAfter ? wait : undefined;
}

/**
 * A wait up to a fifth shorter or longer, so that not all refunds of a backlog call at the same moment.
 * @param random from 0 to 1
 */
export function withJitter(wait: number, random: number): number {
  return Math.round(wait * (0.8 + 0.4 * random));
}

const interval =
  (example: string): Check<RefundInterval> =>
  (value, path) =>
    parseInterval(value) === undefined
      ? [{ path, message: `must be an interval such as "${example}"; it is ${JSON.stringify(value)}` }]
      : [];

const intervals =
  (most: number, tooMany: string): Check<readonly RefundInterval[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length === 0)
      return [{ path, message: 'must be a list of intervals such as ["5m", "10m"]' }];
    return value.length > most ? [{ path, message: tooMany }] : list(interval('5m'))(value, path);
  };

const earlierWorkflow = object(
  {
    /** ISO 8601 in UTC, as `toISOString` writes it. */
    startedAt: where(text(1, 40), (time) =>
      isInstant(time) && time >= '2020'
        ? undefined
        : 'must be a time in UTC since 2020, such as 2026-08-30T02:02:39.000Z',
    ),
    /** 1 for the caller's own id; one more after each `send-with-new-id`. At most 100. */
    generation: where(integer(1), (generation) =>
      generation > MOST_GENERATIONS ? `must be at most ${MOST_GENERATIONS}` : undefined,
    ),
  },
  'is not a field of an earlier workflow',
);

/** The workflow that sent a refund before, as far as its history says: the identical request is built from it. */
interface EarlierWorkflow extends Infer<typeof earlierWorkflow> {}

const alreadySent: Check<boolean | EarlierWorkflow> = (value, path) => {
  if (isObject(value)) return earlierWorkflow(value, path);
  const message = 'must be true, false or { startedAt, generation } of an earlier workflow';
  return typeof value === 'boolean' ? [] : [{ path, message }];
};

const refundOptions = object(
  {
    /** At most seven, the documented ones by default. */
    inquiryIntervals: optional(intervals(7, 'WorldFirst allows at most 7 inquiries')),
    /** {@link SETTLEMENT_INTERVALS} by default. */
    settlementIntervals: optional(intervals(100, 'must have at most 100 entries')),
    /** Whether a WorldTrade refund without any confirmation waits for the closure notification. False by default. */
    awaitClosureNotification: optional(boolean),
    /** How long to wait for a decision before the attention notification is repeated once. `24h` by default. */
    remindAfter: optional(interval('24h')),
    /**
     * Whether the refund may have been sent before this workflow started: by another system, or by a workflow that was
     * stopped. It then begins with an inquiry. False by default; `RefundClient.resume` says more.
     */
    alreadySent: optional(alreadySent),
  },
  'is not an option',
);

/**
 * How one refund waits. A running refund has the defaults of its worker, so a new default is a change of the workflow that
 * needs a patch; the recorded histories do not replay without it.
 */
export interface RefundOptions extends Infer<typeof refundOptions> {}

/** The options with every interval in milliseconds. */
export interface Schedule {
  inquiryIntervals: number[];
  settlementIntervals: number[];
  awaitClosureNotification: boolean;
  remindAfter: number;
}

/** In milliseconds, as all lengths of time that are numbers. */
export const SECOND = 1_000;
/** In milliseconds. */
const MINUTE = 60 * SECOND;
/** In milliseconds. */
export const HOUR = 60 * MINUTE;
/** In milliseconds. */
export const DAY = 24 * HOUR;

/** How often a refund that was not sent, because there was no connection, is tried again: for a day. */
export const UNTIL_SENT: Backoff = { first: 1 * SECOND, longest: 5 * MINUTE, giveUpAfter: 1 * DAY };

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };
const LONGEST = 365 * DAY;

/** An interval in milliseconds, or undefined where it is not valid: negative, without a unit, or longer than a year. */
export function parseInterval(interval: unknown): number | undefined {
  const milliseconds = typeof interval === 'string' ? parseText(interval) : interval;
  // Stryker disable next-line ConditionalExpression: Number.isInteger accepts nothing but numbers; the compiler does not know.
  if (typeof milliseconds !== 'number' || !Number.isInteger(milliseconds)) return undefined;
  return milliseconds >= 0 && milliseconds <= LONGEST ? milliseconds : undefined;
}

/** Whether it is a time as `toISOString` writes it. */
function isInstant(time: string): boolean {
  return !Number.isNaN(Date.parse(time)) && new Date(time).toISOString() === time;
}

function parseText(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Math.round(Number(match[1]) * (UNITS[match[2] as string] as number)) : undefined;
}

/** Every mistake of the options, each with its path. The SDK would let any text through as a duration. */
export function checkOptions(options: unknown): ValidationIssue[] {
  if (options === undefined || options === null) return [];
  if (!isObject(options)) return [{ path: 'options', message: 'must be an object' }];
  return issuesOf(refundOptions, options, ['options']);
}

/** The schedule of one refund. Call {@link checkOptions} first. */
export function scheduleOf(options: RefundOptions | null = {}): Schedule {
  const {
    inquiryIntervals = DOCUMENTED_INQUIRY_INTERVALS,
    settlementIntervals = SETTLEMENT_INTERVALS,
    awaitClosureNotification = false,
    remindAfter = '24h',
  } = options ?? {};
  const inMilliseconds = (intervals: readonly RefundInterval[]) =>
    intervals.map((each) => parseInterval(each) as number);
  return {
    inquiryIntervals: inMilliseconds(inquiryIntervals),
    settlementIntervals: inMilliseconds(settlementIntervals),
    awaitClosureNotification,
    remindAfter: parseInterval(remindAfter) as number,
  };
}

/** For people: `5 min`, `2 h 40 min`, `1 d`, `30 s`. */
export function formatInterval(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  let rest = Math.round(milliseconds / 1000);
  const parts = (
    [
      ['d', 86_400],
      ['h', 3_600],
      ['min', 60],
      ['s', 1],
    ] as const
  ).flatMap(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.slice(0, 2).join(' ');
}
