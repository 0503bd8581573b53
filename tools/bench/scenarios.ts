/** What happens to a refund in a measurement. */
export interface Scenario {
  name: string;
  /** The scenario words in the trade id, see docs/sandbox.md. */
  words: string;
  /** How our refund ends; one that needs an operator is terminated after the measurement. */
  ends: 'succeeded' | 'needs-attention';
  /** The share of the refunds that this scenario gets: a refund with inquiries makes up to ten calls. */
  share: number;
  /** So many at a time; as the options say when absent. */
  concurrency?: number;
}

/** WorldFirst accepts it, and it is settled at once. */
export const JUST_WORKS: Scenario = { name: 'just works', words: 'works', ends: 'succeeded', share: 1 };
/** The same, with little to do for server and worker. */
export const A_FEW_AT_A_TIME: Scenario = {
  ...JUST_WORKS,
  name: 'just works, 5 at a time',
  share: 0.5,
  concurrency: 5,
};
/** The result is unknown, and the third inquiry finds the refund. */
export const FOUND_LATE: Scenario = {
  name: 'unknown, found at the 3rd inquiry',
  words: 'unknown-3',
  ends: 'succeeded',
  share: 0.25,
};
/** The result is unknown in all seven inquiries. */
export const NEVER_KNOWN: Scenario = {
  name: 'unknown after all inquiries',
  words: 'dropped-after-inquire-UNKNOWN_EXCEPTION',
  ends: 'needs-attention',
  share: 0.25,
};

/** The scenarios, all of WorldTrade. */
export const SCENARIOS: readonly Scenario[] = [JUST_WORKS, A_FEW_AT_A_TIME, FOUND_LATE, NEVER_KNOWN];

/** The waits before inquiries: as many as the documented ones, as durable, and short. */
export const SHORT_INTERVALS_MS: readonly number[] = [5, 10, 15, 20, 25, 30, 35];

/** The same as the schedule of a refund, whose settlement is looked up at once. */
export const SHORT_SCHEDULE = {
  inquiryIntervals: SHORT_INTERVALS_MS,
  settlementIntervals: [0, ...SHORT_INTERVALS_MS],
};
