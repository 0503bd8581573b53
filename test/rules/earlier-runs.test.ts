import { describe, expect, test } from 'vitest';
import { continueFrom, type EarlierRuns, lastOfBoth, nothingEarlier } from '../../rules/earlier-runs.js';
import { newState } from '../../rules/state.js';
import { worldtrade } from './fixtures.js';

const run = (more: Partial<EarlierRuns> = {}): EarlierRuns => ({ ...nothingEarlier(), ...more });

describe('what two runs did', () => {
  test.each<[string, Partial<EarlierRuns>, Partial<EarlierRuns>, Partial<EarlierRuns>]>([
    ['the last id counts', { generation: 2 }, { generation: 3 }, { generation: 3 }],
    [
      'an id in use stays in use',
      { generation: 2, idInUse: true },
      { generation: 2 },
      { generation: 2, idInUse: true },
    ],
    [
      'an earlier id in use says nothing of the last one',
      { idInUse: true },
      { generation: 2 },
      { generation: 2 },
    ],
    ['the last id in use counts', { idInUse: true, generation: 2 }, {}, { idInUse: true, generation: 2 }],
    [
      'a notification of a refund counts for every id',
      { orderRefunded: true },
      { generation: 2 },
      { orderRefunded: true, generation: 2 },
    ],
  ])('%s', (_, one, other, both) => {
    expect(lastOfBoth(run(one), run(other))).toEqual(run(both));
    expect(lastOfBoth(run(other), run(one))).toEqual(run(both));
  });
});

describe('a refund continues from what earlier runs did', () => {
  const unread = (generation = 1) => ({
    ...newState(worldtrade, new Date(0)),
    generation,
    ids: { refundId: 'of the first request', paymentOrderId: 'P-1' },
    earlierRunsUnread: true as const,
  });

  test('under the last id, without the ids of the request before', () => {
    const state = unread();
    continueFrom(state, run({ generation: 3 }));
    expect(state).toMatchObject({ generation: 3, ids: { paymentOrderId: 'P-1' } });
    expect(state.ids).not.toHaveProperty('refundId');
    expect(state).not.toHaveProperty('earlierRunsUnread');
  });

  test('under its own id if that is the last one', () => {
    const state = unread(2);
    continueFrom(state, run({ idInUse: true }));
    expect(state).toMatchObject({ generation: 2, ids: { refundId: 'of the first request' } });
    expect(state).not.toHaveProperty('idInUse');
    expect(state).not.toHaveProperty('orderRefunded');
  });

  test('and knows that its id has another request, and that the order was refunded', () => {
    const state = unread();
    continueFrom(state, run({ idInUse: true, orderRefunded: true }));
    expect(state).toMatchObject({ idInUse: true, orderRefunded: true });
  });
});
