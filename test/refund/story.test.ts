import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionsFor, judge } from '../../src/refund/decide.js';
import { detailsOf } from '../../src/refund/details.js';
import type { Decision } from '../../src/refund/messages.js';
import { searchAttributesOf } from '../../src/refund/search-attributes.js';
import { viewOf } from '../../src/refund/view.js';
import { ATTENTION_KEYS, anas, anySendAnswer, DECISION_NAMES, signedNo } from './fixtures.js';
import { type Happening, Story } from './story.model.js';

const person = fc.record({ by: fc.constantFrom('Ana', 'Ben'), reason: fc.constantFrom('a', 'b') });
const decision: fc.Arbitrary<Decision> = fc
  .tuple(fc.constantFrom(...DECISION_NAMES), person, fc.constantFrom('', 'ticket 7'))
  .map(([name, who, evidence]) => anas(name, { ...who, evidence }));
// Signed refusals come often, for only after nothing else a new id is possible at all.
const aSendAnswer = fc.oneof({ weight: 2, arbitrary: fc.constant(signedNo) }, anySendAnswer);
const anything: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), answer: aSendAnswer }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('decide' as const), decision }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('inquire' as const),
      answer: fc.constantFrom<Extract<Happening, { kind: 'inquire' }>['answer']>(
        { kind: 'pending', ids: {}, refundStatus: 'PROCESSING' },
        { kind: 'notFound' },
        { kind: 'unknown', reason: 'no answer' },
        { kind: 'mismatch', differences: ['payToId is another one.'] },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), key: fc.constantFrom(...ATTENTION_KEYS) }),
  },
  fc.record({
    kind: fc.constant('interrupt' as const),
    interruption: fc.oneof(
      person.map((who) => ({ kind: 'escalate' as const, ...who })),
      person.map((who) => ({ kind: 'cancel' as const, ...who })),
      fc.record({
        kind: fc.constant('notification' as const),
        tradeId: fc.constantFrom('T-1', 'T-2'),
        isRefund: fc.constantFrom('Y' as const, 'N' as const),
      }),
    ),
  }),
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      as: fc.constantFrom('succeeded' as const, 'accepted' as const, 'failed' as const),
    }),
  },
);
const anyStory = fc.array(anything, { maxLength: 40 });

/** Holds after each thing that happened, in whatever order things happen. */
function always(check: (story: Story, happening: Happening) => void): void {
  fc.assert(
    fc.property(anyStory, (happenings) => {
      const story = new Story();
      for (const happening of happenings) {
        story.tell(happening);
        check(story, happening);
      }
    }),
    { numRuns: 1000 },
  );
}

describe('whatever happens, and in whatever order,', () => {
  it('a refund never waits for a person and has ended at once, and its status says which', () => {
    always(({ state: { attention, outcome, status } }) => {
      expect(attention && outcome).toBeUndefined();
      expect(status === 'needs-attention').toBe(attention !== undefined);
      expect(['succeeded', 'accepted', 'failed', 'cancelled'].includes(status)).toBe(outcome !== undefined);
      if (outcome) expect(outcome.status).toBe(status);
    });
  });

  it('a new id is only used when each sending under the last one got a signed no', () => {
    always(({ sent }) => {
      for (const answers of sent.slice(0, -1)) {
        const read = answers.filter(({ kind }) => kind !== 'notSent');
        expect(read.length).toBeGreaterThan(0);
        for (const answer of read) {
          expect(answer.kind === 'tryLater' || (answer.kind === 'refused' && answer.signed)).toBe(true);
        }
      }
    });
  });

  it('a new id is never offered while WorldFirst may have carried out the refund', () => {
    always(({ state, read }) => {
      const mayHaveMoved = read.some(
        ({ kind, ...answer }) =>
          kind === 'accepted' ||
          kind === 'unknown' ||
          kind === 'mismatch' ||
          ('signed' in answer && !answer.signed),
      );
      if (mayHaveMoved) expect(decisionsFor(state)).not.toContain('send-with-new-id');
    });
  });

  it('a new id is never used once an inquiry found a refund under the last one', () => {
    always(({ state, known }) => {
      for (const generation of known) expect(generation).toBe(state.generation);
    });
  });

  it('the ids that were used are as many as the generation says', () => {
    always(({ state, sent }) => expect(state.generation).toBe(sent.length));
  });

  it('an end is final', () => {
    fc.assert(
      fc.property(anyStory, anyStory, (before, after) => {
        const story = new Story();
        for (const happening of before) story.tell(happening);
        const end = structuredClone(story.state.outcome);
        fc.pre(end !== undefined);
        for (const happening of after) story.tell(happening);
        expect(story.state.outcome).toEqual(end);
      }),
    );
  });

  it('only a refund of which WorldFirst can have read nothing is cancelled', () => {
    always(({ state, sent }) => {
      if (state.outcome?.status !== 'cancelled') return;
      expect(sent.flat().every(({ kind }) => kind === 'notSent')).toBe(true);
    });
  });

  it('a notification confirms only what may have been carried out', () => {
    always(({ state: { outcome, fate }, read }) => {
      if (outcome?.status !== 'succeeded' || outcome.confirmedBy !== 'notification') return;
      expect(read.length).toBeGreaterThan(0);
      expect(['unknown', 'accepted']).toContain(fate);
    });
  });

  it('what a person is offered is what applies, and nothing else does', () => {
    always(({ state }) => {
      const applying = DECISION_NAMES.filter((name) => judge(state, anas(name)).kind === 'applies');
      expect(decisionsFor(state)).toEqual(applying);
    });
  });

  it('what a person or WorldFirst asks for is in the timeline, also when it changes nothing', () => {
    fc.assert(
      fc.property(anyStory, (happenings) => {
        const story = new Story();
        for (const happening of happenings) {
          const { length } = story.state.timeline;
          story.tell(happening);
          const written = story.state.timeline.slice(length).map(({ event }) => event);
          if (happening.kind === 'interrupt') expect(written.length).toBeGreaterThan(0);
          if (happening.kind === 'ask' && story.state.attention?.key === happening.key) {
            expect(story.state.timeline.map(({ event }) => event)).toContain('attention');
          }
          if (story.state.outcome && length > 0) {
            expect(story.state.timeline.map(({ event }) => event)).toContain('ended');
          }
        }
      }),
    );
  });

  it('the view, the search attributes and the page for people agree', () => {
    always(({ state }) => {
      const view = viewOf(state);
      const attributes = searchAttributesOf(view);
      expect(attributes.RefundStatus).toBe(state.status === 'preparing' ? 'unknown' : state.status);
      expect(attributes.RefundAttention).toBe(state.attention?.key ?? null);
      expect(view.attention?.decisions ?? []).toEqual(decisionsFor(state));
      expect(detailsOf(view).startsWith(`# ${state.status}`)).toBe(true);
    });
  });
});
