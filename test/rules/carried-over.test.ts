import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeHandedOver, carriedOver, takenUp } from '../../rules/carried-over.js';
import { note } from '../../rules/state.js';
import { ATTENTION_KEYS, cashier, FATES, LATER, refundIn, worldtrade } from './fixtures.js';

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('what one run of a refund hands to the next', () => {
  it('is all that is known of it, as JSON carries it', () => {
    const situations = fc.record({
      request: fc.constantFrom(worldtrade, cashier),
      fate: fc.constantFrom(...FATES),
      generation: fc.integer({ min: 1, max: 9 }),
      waitingFor: fc.option(fc.constantFrom(...ATTENTION_KEYS), { nil: undefined }),
    });
    fc.assert(
      fc.property(situations, fc.string({ unit: 'binary' }), (situation, text) => {
        const state = refundIn(situation);
        note(state, LATER, 'told', text.toWellFormed());
        expect(takenUp(situation.request, asJson(carriedOver(state)))).toEqual(state);
      }),
    );
  });

  it('does not hold the request, which travels beside it', () => {
    expect(JSON.stringify(carriedOver(refundIn()))).not.toContain(worldtrade.tradeId);
  });

  it('says of which version it is, which every later release has to know', () => {
    expect(carriedOver(refundIn()).version).toBe(1);
  });

  it('is taken up by a worker that knows its version, and left alone by every other one', () => {
    const { state, version } = carriedOver(refundIn());
    expect(() => takenUp(worldtrade, { version: version + 1, state })).toThrow(
      /another release.*nothing lost/,
    );
  });
});

describe('a history that is long', () => {
  it('is left where Temporal would take the next run for too large', () => {
    const state = carriedOver(refundIn());
    expect(canBeHandedOver(worldtrade, undefined, state)).toBe(true);
    expect(
      canBeHandedOver({ ...cashier, refundOrder: { note: 'x'.repeat(600_000) } }, undefined, state),
    ).toBe(false);
  });

  it('is left from half a million characters on', () => {
    const brackets = '[""]'.length;
    expect(canBeHandedOver('x'.repeat(500_000 - brackets))).toBe(true);
    expect(canBeHandedOver('x'.repeat(500_001 - brackets))).toBe(false);
  });
});
