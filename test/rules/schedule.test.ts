import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backoff,
  checkOptions,
  DOCUMENTED_INQUIRY_INTERVALS,
  formatInterval,
  parseInterval,
  SETTLEMENT_INTERVALS,
  scheduleOf,
  UNTIL_SENT,
  withJitter,
} from '../../rules/schedule.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the schedule of a refund without options', () => {
  const documented = [5, 10, 20, 40, 80, 160, 320].map((minutes) => minutes * MINUTE);

  it('inquires on the seven documented intervals, 10 h 35 min in all', () => {
    expect(scheduleOf().inquiryIntervals).toEqual(documented);
    expect(DOCUMENTED_INQUIRY_INTERVALS).toEqual(['5m', '10m', '20m', '40m', '80m', '160m', '320m']);
  });

  it('inquires about the settlement immediately, on the documented seven intervals, then for eleven days', () => {
    expect(scheduleOf().settlementIntervals).toEqual([0, ...documented, ...Array(11).fill(DAY)]);
    expect(SETTLEMENT_INTERVALS).toHaveLength(19);
  });

  it('reminds an operator after a day', () => {
    expect(scheduleOf().remindAfter).toBe(DAY);
  });

  it('does not wait for the closure notification', () => {
    expect(scheduleOf().awaitClosureNotification).toBe(false);
  });

  it.each([undefined, null, {}])('is the same with %j', (options) => {
    expect(checkOptions(options)).toEqual([]);
    expect(scheduleOf(options)).toEqual(scheduleOf());
  });
});

describe('an interval', () => {
  it.each([
    [0, 0],
    [1500, 1500],
    ['0s', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 5 * MINUTE],
    ['320m', 320 * MINUTE],
    ['24h', DAY],
    ['1d', DAY],
    ['1.5h', 90 * MINUTE],
    ['0.001s', 1],
    [' 5m ', 5 * MINUTE],
    ['365d', 365 * DAY],
    ['100000000ms', 100_000_000],
  ])('%j', (interval, milliseconds) => {
    expect(parseInterval(interval)).toBe(milliseconds);
  });

  it.each([
    ['a number without a unit', '5'],
    ['a negative number', -1],
    ['a negative text', '-5m'],
    ['a fraction of a millisecond', 0.5],
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['another unit', '5y'],
    ['a unit in words', '5 minutes'],
    ['a blank before the unit', '5 m'],
    ['a capital unit', '5M'],
    ['two units', '1h30m'],
    ['more than three decimals', '1.0001s'],
    ['more than nine digits', '1000000000ms'],
    ['a point without decimals', '1.s'],
    ['something before it', 'x5m'],
    ['something behind it', '5m!'],
    ['an exponent', '1e3s'],
    ['a comma', '1,5h'],
    ['a key of every object', '5toString'],
    ['more than a year', '366d'],
    ['more than a year in milliseconds', 365 * DAY + 1],
    ['far too much', '999999999d'],
    ['empty', ''],
    ['null', null],
    ['a list', ['5m']],
    ['an object', { minutes: 5 }],
    ['true', true],
    ['undefined', undefined],
  ])('may not be %s', (_, interval) => {
    expect(parseInterval(interval)).toBeUndefined();
  });

  it('is a whole number from zero to a year, or rejected', () => {
    const anything = fc.oneof(fc.anything(), fc.stringMatching(/^\d+(\.\d+)?(ms|s|m|h|d)$/));
    fc.assert(
      fc.property(anything, (interval) => {
        const milliseconds = parseInterval(interval);
        if (milliseconds === undefined) return true;
        return Number.isInteger(milliseconds) && milliseconds >= 0 && milliseconds <= 365 * DAY;
      }),
    );
  });
});

describe('options', () => {
  it('are turned into milliseconds', () => {
    const options = {
      inquiryIntervals: ['1m', 500],
      settlementIntervals: ['0s', '1d'],
      awaitClosureNotification: true,
      remindAfter: '2h',
    } as const;
    expect(checkOptions(options)).toEqual([]);
    expect(scheduleOf(options)).toEqual({
      inquiryIntervals: [MINUTE, 500],
      settlementIntervals: [0, DAY],
      awaitClosureNotification: true,
      remindAfter: 2 * HOUR,
    });
  });

  it.each<[string, unknown, string[]]>([
    ['a text', '5m', ['options']],
    ['a list', ['5m'], ['options']],
    ['a text of intervals', { inquiryIntervals: '5m,10m' }, ['options.inquiryIntervals']],
    ['no interval', { inquiryIntervals: [] }, ['options.inquiryIntervals']],
    ['null for intervals', { settlementIntervals: null }, ['options.settlementIntervals']],
    ['more than seven inquiries', { inquiryIntervals: Array(8).fill('5m') }, ['options.inquiryIntervals']],
    ['endless settlement', { settlementIntervals: Array(101).fill('1d') }, ['options.settlementIntervals']],
    [
      'several bad intervals',
      { inquiryIntervals: ['5m', 'soon', -1], settlementIntervals: [null] },
      ['options.inquiryIntervals[1]', 'options.inquiryIntervals[2]', 'options.settlementIntervals[0]'],
    ],
    ['a text for a flag', { awaitClosureNotification: 'yes' }, ['options.awaitClosureNotification']],
    ['a text that is no interval for the reminder', { remindAfter: 'daily' }, ['options.remindAfter']],
    ['null for the reminder', { remindAfter: null }, ['options.remindAfter']],
    ['an unknown option', { inquiries: 3 }, ['options.inquiries']],
    ['a text for what was sent before', { alreadySent: 'yes' }, ['options.alreadySent']],
    [
      'no start of the earlier workflow',
      { alreadySent: { generation: 1 } },
      ['options.alreadySent.startedAt'],
    ],
    ['a list of earlier workflows', { alreadySent: [] }, ['options.alreadySent']],
    ...['noon', '2026', '2026-08-30', '2026-08-30T02:02:39Z', '2026-08-30T02:02:39.000+08:00'].map(
      (startedAt): [string, unknown, string[]] => [
        `the start ${startedAt} of the earlier workflow, which is not a whole time in UTC`,
        { alreadySent: { startedAt, generation: 1 } },
        ['options.alreadySent.startedAt'],
      ],
    ),
    ...['1900-01-01T00:00:00.000Z', '2019-12-31T23:59:59.999Z', '2026-02-30T00:00:00.000Z'].map(
      (startedAt): [string, unknown, string[]] => [
        `the start ${startedAt} of the earlier workflow, at which there was no refund`,
        { alreadySent: { startedAt, generation: 1 } },
        ['options.alreadySent.startedAt'],
      ],
    ),
    ...[0, 101, 1e9, '1'].map((generation): [string, unknown, string[]] => [
      `the generation ${generation} of the earlier workflow`,
      { alreadySent: { startedAt: '2026-08-30T02:02:39.000Z', generation } },
      ['options.alreadySent.generation'],
    ]),
    [
      'a field too many of the earlier workflow',
      { alreadySent: { startedAt: '2026-08-30T02:02:39.000Z', generation: 1, sends: 2 } },
      ['options.alreadySent.sends'],
    ],
  ])('are refused where they are wrong: %s', (_, options, paths) => {
    expect(checkOptions(options).map(({ path }) => path)).toEqual(paths);
  });

  it.each<[unknown, string]>([
    ['5m', 'options must be an object'],
    [{ inquiries: 3 }, 'options.inquiries is not an option'],
    [{ inquiryIntervals: [] }, 'options.inquiryIntervals must be a list of intervals such as ["5m", "10m"]'],
    [
      { inquiryIntervals: Array(8).fill(1) },
      'options.inquiryIntervals WorldFirst allows at most 7 inquiries',
    ],
    [
      { settlementIntervals: Array(101).fill(1) },
      'options.settlementIntervals must have at most 100 entries',
    ],
    [
      { settlementIntervals: ['soon'] },
      'options.settlementIntervals[0] must be an interval such as "5m"; it is "soon"',
    ],
    [{ awaitClosureNotification: 1 }, 'options.awaitClosureNotification must be true or false'],
    [{ remindAfter: 'daily' }, 'options.remindAfter must be an interval such as "24h"; it is "daily"'],
    [
      { alreadySent: 'yes' },
      'options.alreadySent must be true, false or { startedAt, generation } of an earlier workflow',
    ],
    [
      { alreadySent: { startedAt: 'noon', generation: 1 } },
      'options.alreadySent.startedAt must be a time in UTC since 2020, such as 2026-08-30T02:02:39.000Z',
    ],
    [
      { alreadySent: { startedAt: '2026-08-30T02:02:39.000Z', generation: 101 } },
      'options.alreadySent.generation must be at most 100',
    ],
    [
      { alreadySent: { startedAt: '2026-08-30T02:02:39.000Z', generation: 1, sends: 2 } },
      'options.alreadySent.sends is not a field of an earlier workflow',
    ],
  ])('are rejected with the mistake: %j', (options, mistake) => {
    expect(checkOptions(options).map(({ path, message }) => `${path} ${message}`)).toEqual([mistake]);
  });

  it.each(['2020-01-01T00:00:00.000Z', '2026-08-30T02:02:39.000Z'])(
    'allow an earlier workflow that started at %s, with a hundred ids',
    (startedAt) => {
      expect(checkOptions({ alreadySent: { startedAt, generation: 100 } })).toEqual([]);
    },
  );

  it.each([true, false])('may say whether the refund was sent before: %j', (alreadySent) => {
    expect(checkOptions({ alreadySent })).toEqual([]);
  });

  it('allow seven inquiries and a hundred settlement inquiries', () => {
    const options = {
      inquiryIntervals: Array(7).fill('5m'),
      settlementIntervals: Array(100).fill('1d'),
    };
    expect(checkOptions(options)).toEqual([]);
  });

  it('are checked without an exception, and valid options make a schedule of numbers', () => {
    const nearlyValid = fc.record(
      {
        inquiryIntervals: fc.array(fc.oneof(fc.constantFrom<unknown>('5m', 0, '0s'), fc.jsonValue())),
        settlementIntervals: fc.array(fc.constantFrom('1h', 7)),
        awaitClosureNotification: fc.oneof(fc.boolean(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearlyValid), (options) => {
        if (checkOptions(options).length > 0) return;
        const { inquiryIntervals, settlementIntervals } = scheduleOf(options as object | null);
        expect([...inquiryIntervals, ...settlementIntervals].every(Number.isInteger)).toBe(true);
      }),
    );
  });
});

describe('growing waits', () => {
  const SECOND = 1000;
  const waits = (giveUpAfter: number) => {
    const kind = { first: 30 * SECOND, longest: HOUR, giveUpAfter };
    const all: number[] = [];
    for (let retries = 1; ; retries += 1) {
      const wait = backoff(retries, kind);
      if (wait === undefined) return all;
      all.push(wait);
    }
  };

  it('begin with no wait, because the first attempt is immediate', () => {
    expect(backoff(0, { first: 1, longest: 1, giveUpAfter: 0 })).toBe(0);
  });

  it('double, up to the longest, until giveUpAfter is reached', () => {
    const minutes = waits(4 * HOUR).map((wait) => wait / MINUTE);
    expect(minutes).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('fill giveUpAfter exactly, with a last shorter wait if time is left', () => {
    expect(waits(90 * SECOND)).toEqual([30 * SECOND, 60 * SECOND]);
    expect(waits(90 * SECOND + 1)).toHaveLength(3);
    expect(waits(0)).toEqual([]);
  });
});

it('a request that never reached WorldFirst is sent again from one second to five minutes later, for a day', () => {
  const waits: number[] = [];
  for (let wait = backoff(1, UNTIL_SENT); wait !== undefined; wait = backoff(waits.length + 1, UNTIL_SENT))
    waits.push(wait / 1000);
  expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  // The last wait begins within the day.
  const all = waits.reduce((sum, wait) => sum + wait);
  expect([all >= 24 * 60 * 60, all - 300 < 24 * 60 * 60]).toEqual([true, true]);
});

describe('a wait with jitter', () => {
  it.each([
    [0, 80_000],
    [0.5, 100_000],
    [1, 120_000],
    [0.123456789, 84_938],
  ])('is up to a fifth shorter or longer, in whole milliseconds: %d', (random, milliseconds) => {
    expect(withJitter(100_000, random)).toBe(milliseconds);
  });
});

describe('an interval as text', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [30_000, '30 s'],
    [59_999, '1 min'],
    [5 * MINUTE, '5 min'],
    [90_000, '1 min 30 s'],
    [80 * MINUTE, '1 h 20 min'],
    [160 * MINUTE, '2 h 40 min'],
    [320 * MINUTE, '5 h 20 min'],
    [DAY - 1, '1 d'],
    [DAY, '1 d'],
    [DAY + HOUR + MINUTE, '1 d 1 h'],
  ])('%i: %s', (milliseconds, text) => {
    expect(formatInterval(milliseconds)).toBe(text);
  });
});
