/** What happens to a refund in a measurement. */
export interface Scenario {
  name: string;
  /** The words of the trade's id, which tell the sandbox what is to happen. */
  words: string;
  /** How our refund ends; one that waits for a person is terminated after the measurement. */
  ends: 'succeeded' | 'needs-attention';
  /** Only plain and ours are compared, with fewer refunds: the levers are about what every refund pays. */
  isLadder: boolean;
}

/** WorldFirst takes it, and it is settled at once. */
export const JUST_WORKS: Scenario = {
  name: 'just works',
  words: 'works',
  ends: 'succeeded',
  isLadder: false,
};

/** The scenarios, all of WorldTrade. */
export const SCENARIOS: readonly Scenario[] = [
  JUST_WORKS,
  { name: 'unknown, found at the 3rd inquiry', words: 'unknown-3', ends: 'succeeded', isLadder: true },
  {
    name: 'full ladder',
    words: 'dropped-after-inquire-UNKNOWN_EXCEPTION',
    ends: 'needs-attention',
    isLadder: true,
  },
];

/** The waits of a ladder: as many as the documented ones, and as durable, in no time. */
export const SHORT_INTERVALS_MS: readonly number[] = [5, 10, 15, 20, 25, 30, 35];
