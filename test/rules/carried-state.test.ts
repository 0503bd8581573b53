import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsWorkflowInput, fromCarriedState, toCarriedState } from '../../rules/carried-state.js';
import { note } from '../../rules/state.js';
import { ATTENTION_KEYS, cashier, LATER, refundIn, SUBMISSION_STATES, worldtrade } from './fixtures.js';

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('what one run of a refund hands to the next', () => {
  it('is all that is known of it, as JSON carries it', () => {
    const situations = fc.record({
      request: fc.constantFrom(worldtrade, cashier),
      submission: fc.constantFrom(...SUBMISSION_STATES),
      generation: fc.integer({ min: 1, max: 9 }),
      waitingFor: fc.option(fc.constantFrom(...ATTENTION_KEYS), { nil: undefined }),
    });
    fc.assert(
      fc.property(situations, fc.string({ unit: 'binary' }), (situation, text) => {
        const state = refundIn(situation);
        note(state, LATER, 'notification-failed', text.toWellFormed());
        expect(fromCarriedState(situation.request, asJson(toCarriedState(state)))).toEqual(state);
      }),
    );
  });

  it('does not hold the request, which travels beside it', () => {
    expect(JSON.stringify(toCarriedState(refundIn()))).not.toContain(worldtrade.tradeId);
  });

  it('says of which version it is, which every later release has to know', () => {
    expect(toCarriedState(refundIn()).version).toBe(1);
  });

  it('is taken up by a worker that knows its version, and left alone by every other one', () => {
    const { state, version } = toCarriedState(refundIn());
    expect(() => fromCarriedState(worldtrade, { version: version + 1, state })).toThrow(
      /another release.*nothing lost/,
    );
  });
});

describe('a history that is long', () => {
  it('is left where Temporal would take the next run for too large', () => {
    const state = toCarriedState(refundIn());
    expect(fitsWorkflowInput(worldtrade, undefined, state)).toBe(true);
    expect(
      fitsWorkflowInput({ ...cashier, refundOrder: { note: 'x'.repeat(600_000) } }, undefined, state),
    ).toBe(false);
  });

  it('is left from half a million characters on', () => {
    const brackets = '[""]'.length;
    expect(fitsWorkflowInput('x'.repeat(500_000 - brackets))).toBe(true);
    expect(fitsWorkflowInput('x'.repeat(500_001 - brackets))).toBe(false);
  });
});
