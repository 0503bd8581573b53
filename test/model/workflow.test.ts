// @module-tag long
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
// What has happened when the moves begin: they would seldom come so far by chance.
const REFUSED = 'is refused until a person helps';
const anyStart = fc.constantFrom<string[]>(
  [],
  [REFUSED],
  ['is lost on its way'],
  ['works'],
  [REFUSED, 'Ana decides send-with-new-id'],
);
const anyMoves = fc.array(fc.constantFrom(...MOVES), { maxLength: 16 });

async function tell(setting: Setting, start: readonly string[], moves: readonly string[]): Promise<void> {
  const order = setting.product === 'worldtrade' && start.length > 0 ? ['works'] : [];
  await new Story(setting, new TheRule()).tell([...order, ...start, ...moves]);
}

test('whatever happens, and in whatever order, a refund keeps the rule', async () => {
  await fc.assert(fc.asyncProperty(anySetting, anyStart, anyMoves, tell), runs(10_000));
});

const PLAIN: Setting = {
  product: 'worldtrade',
  isListed: true,
  awaitClosureNotification: false,
  tells: false,
  refusalsAreLies: false,
  inTheEnd: 'works',
};

const CASHIER: Setting = { ...PLAIN, product: 'cashier' };

describe('stories that were told wrongly once', () => {
  test('it is cancelled in the very moment in which it would be sent again', () =>
    tell(
      CASHIER,
      ['finds no connection'],
      ['together:', 'Ana wants a check now', 'the workflow is cancelled'],
    ));

  test('a settlement is asked for in passing, and its page says so', () => tell(PLAIN, [], []));

  test('another reason for a person takes the place of the first, and the list says so', () =>
    tell(PLAIN, [], ['is answered with something else', 'the order is closed with a refund']));
});

describe('stories that are seldom told by chance', () => {
  test('nothing is ever heard of it', () => tell({ ...CASHIER, inTheEnd: 'is lost on its way' }, [], []));

  test('it is lost, and its repeat is refused for good', () =>
    tell(CASHIER, ['is lost on its way back'], ['finds nothing', 'is refused for good']));

  test('it is refused, not connected under the next id, and cancelled', () =>
    tell(
      CASHIER,
      [REFUSED],
      ['Ana decides send-with-new-id', 'finds no connection', 'the workflow is cancelled'],
    ));

  test('it is refused, and an inquiry shows something else under its id', () =>
    tell(
      CASHIER,
      [REFUSED],
      ['Ana decides inquire-again', 'is answered with something else', 'Ana decides send-with-new-id'],
    ));

  test('a person sends it again in the moment in which the order is refunded by somebody else', () =>
    tell(PLAIN, [REFUSED], ['together:', 'Ana decides send-again', 'the order is closed with a refund']));

  test('it is taken, and declined in the end', () =>
    tell(CASHIER, ['works'], ['what was taken is declined', 'works']));
});
