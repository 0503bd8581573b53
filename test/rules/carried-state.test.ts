import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsWorkflowInput, fromCarriedState, toCarriedState } from '../../rules/carried-state.js';
import { note } from '../../rules/state.js';
import { ATTENTION_KEYS, cashier, LATER, refundIn, SUBMISSION_STATES, worldtrade } from './fixtures.js';

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('the state that a run passes to the next run', () => {
  it('is complete after a round trip through JSON', () => {
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

  it('does not contain the request, which is another argument', () => {
    expect(JSON.stringify(toCarriedState(refundIn()))).not.toContain(worldtrade.tradeId);
  });

  it('has a version, which every later release must read', () => {
    expect(toCarriedState(refundIn()).version).toBe(1);
  });

  it('is read by a worker that knows its version, and rejected by every other worker', () => {
    const { state, version } = toCarriedState(refundIn());
    expect(() => fromCarriedState(worldtrade, { version: version + 1, state })).toThrow(
      'Another release wrote this refund’s state (version 2; this worker reads 1). Nothing is lost: the refund continues when a worker of that release runs.',
    );
  });
});

describe('the input of the next run', () => {
  it('does not fit if the request is too large for Temporal', () => {
    const state = toCarriedState(refundIn());
    expect(fitsWorkflowInput(worldtrade, undefined, state)).toBe(true);
    expect(
      fitsWorkflowInput({ ...cashier, refundOrder: { note: 'x'.repeat(600_000) } }, undefined, state),
    ).toBe(false);
  });

  it('fits up to half a million characters', () => {
    const brackets = '[""]'.length;
    expect(fitsWorkflowInput('x'.repeat(500_000 - brackets))).toBe(true);
    expect(fitsWorkflowInput('x'.repeat(500_001 - brackets))).toBe(false);
  });
});
