import fc from 'fast-check';
import { describe, test } from 'vitest';
import { runs } from './check.js';
import { MOVES } from './moves.js';
import { type Setting, Story } from './story.js';
import { TheRule } from './the-rule.js';

const anySetting: fc.Arbitrary<Setting> = fc.record({
  product: fc.constantFrom('worldtrade', 'cashier'),
  isListed: fc.constantFrom(true, true, false),
  awaitClosureNotification: fc.constantFrom(false, false, true),
  tells: fc.constantFrom(false, false, true),
  refusalsAreLies: fc.constantFrom(false, false, false, true),
  // Mostly the plainest thing, for the others take long.
  inTheEnd: fc.constantFrom(...Array(8).fill('works'), 'is lost on its way', 'finds nothing'),
});
const anyMoves = fc.array(fc.constantFrom(...MOVES), { maxLength: 16 });

const tell = (setting: Setting, moves: readonly string[]) => new Story(setting, new TheRule()).tell(moves);

test('whatever happens, and in whatever order, a refund keeps the rule', async () => {
  await fc.assert(fc.asyncProperty(anySetting, anyMoves, tell), runs(10_000));
});

const PLAIN: Setting = {
  product: 'worldtrade',
  isListed: true,
  awaitClosureNotification: false,
  tells: false,
  refusalsAreLies: false,
  inTheEnd: 'works',
};

describe('stories that were told wrongly once', () => {
  test('a settlement is asked for in passing, and its page says so', () => tell(PLAIN, []));

  test('another reason for a person takes the place of the first, and the list says so', () =>
    tell(PLAIN, ['is answered with something else', 'the order is closed with a refund']));
});
