import fc from 'fast-check';
import { test } from 'vitest';
import { checkDecision, decisionsFor } from '../../rules/decide.js';
import { detailsOf } from '../../rules/details.js';
import type { Decision } from '../../rules/messages.js';
import { searchAttributesOf } from '../../rules/search-attributes.js';
import { viewOf } from '../../rules/view.js';
import { ATTENTION_KEYS, anas, DECISION_NAMES } from '../rules/fixtures.js';
import { FORTUNES, isSignedNo } from './answers.js';
import { AnyOrder, type Happening } from './any-order.js';
import { must, runs } from './check.js';

const DECISIONS: Decision[] = [
  ...DECISION_NAMES.map((name) => anas(name)),
  ...DECISION_NAMES.map((name) => anas(name, { by: 'Ben', evidence: '' })),
];
const calls = FORTUNES.flatMap((fortune) => [
  { kind: 'send' as const, fortune },
  { kind: 'inquire' as const, fortune },
]);
const HAPPENINGS: Happening[] = [
  ...calls,
  // Signed refusals come often, for only after nothing else a new id is possible at all.
  ...Array.from({ length: 6 }, () => ({ kind: 'send', fortune: 'is refused until a person helps' }) as const),
  ...ATTENTION_KEYS.map((key) => ({ kind: 'ask', key }) as const),
  ...DECISIONS.map((decision) => ({ kind: 'decide', decision }) as const),
  { kind: 'interrupt', interruption: { kind: 'escalate', by: 'Ana', reason: 'a' } },
  { kind: 'interrupt', interruption: { kind: 'cancel', by: 'Ben', reason: 'b' } },
  { kind: 'notify', tradeId: 'T-1', isRefund: 'Y' },
  { kind: 'notify', tradeId: 'T-1', isRefund: 'N' },
  { kind: 'notify', tradeId: 'T-2', isRefund: 'Y' },
  { kind: 'settle', as: 'settled' },
  { kind: 'settle', as: 'declined' },
  { kind: 'find what was lost' },
  { kind: 'accept' },
];

const anyStory = fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 24, size: 'max' });

/** What holds after each thing that happened, in whatever order things happen. */
function holds({ state, worldfirst, reports, leftOpen, isFound, isInDoubt }: AnyOrder): void {
  const { attention, outcome, status, submission, generation } = state;
  const id = [...worldfirst.ids.keys()][generation - 1];
  const mayMove = id !== undefined && worldfirst.mayMove(id);
  const fortune = id === undefined ? 'none' : worldfirst.fortuneOf(id);

  must(!(attention && outcome), 'a refund that has ended needs nobody');
  must(
    (status === 'needs-attention') === (attention !== undefined),
    'the status says whether a person is needed',
  );
  must((outcome?.status ?? status) === status, 'the status says how the refund has ended');
  must(
    outcome || !['succeeded', 'accepted', 'failed', 'cancelled'].includes(status),
    'no status says an end too early',
  );
  if (attention) must(decisionsFor(state).length > 0, 'a person can decide something');

  must(worldfirst.refunds <= 1, 'money moves at most once');
  must(leftOpen.length === 0, 'a new id is chosen only when no money can move under the last one');
  must(generation === reports.length, 'the ids that were used are as many as the generation says');
  for (const answers of reports.slice(0, -1)) {
    const read = answers.filter(({ kind }) => kind !== 'notSent');
    must(
      read.length > 0 && read.every(isSignedNo),
      'a new id is chosen only after nothing but signed refusals',
    );
  }
  if (submission === 'not-sent' || submission === 'refused')
    must(!mayMove, `${submission}: no money can move`);
  if (submission === 'accepted') must(fortune !== 'none', 'accepted: WorldFirst took it');

  if (isFound) must(submission === 'accepted', 'what an inquiry found is accepted');

  if (outcome?.status === 'cancelled') {
    const wasRead = reports.flat().some(({ kind }) => kind !== 'notSent');
    must(!wasRead && !worldfirst.mayHaveMoved, 'cancelled: nothing was sent');
  }
  if (outcome?.status === 'accepted') must(fortune !== 'none', 'accepted: WorldFirst took it');
  if (outcome?.status === 'succeeded' && outcome.confirmedBy === 'inquiry') {
    must(fortune === 'settled', 'succeeded: the money was returned');
  }
  if (outcome?.status === 'succeeded' && outcome.confirmedBy === 'notification') {
    const open = reports.at(-1)?.some((report) => report.kind !== 'notSent' && !isSignedNo(report));
    must(
      worldfirst.closed === 'Y' && (open || isFound || isInDoubt),
      'succeeded: the order was refunded, and by this',
    );
  }
  if (outcome?.status === 'failed' && outcome.code !== 'CLOSED_BY_OPERATOR') {
    must(!worldfirst.mayHaveMoved, 'failed: no money can move');
  }
  if (outcome && 'evidence' in outcome) must(outcome.evidence, 'a person who closes a refund gives evidence');
}

function isShown({ state }: AnyOrder): void {
  const applying = DECISION_NAMES.filter((name) => checkDecision(state, anas(name)).kind === 'applies');
  must(String(decisionsFor(state)) === String(applying), 'what is offered applies, and nothing else');
  const view = viewOf(state);
  const attributes = searchAttributesOf(view);
  const { status, attention } = state;
  must(
    attributes.RefundStatus === (status === 'preparing' ? 'unknown' : status),
    'the list shows the status',
  );
  must(attributes.RefundAttention === (attention?.key ?? null), 'the list shows what a person is needed for');
  must(
    String(view.attention?.decisions ?? []) === String(applying),
    'the view shows the decisions that apply',
  );
  must(detailsOf(view).startsWith(`# ${status}\n`), 'the page shows the status');
}

test('whatever happens, and in whatever order, the rules hold', () => {
  fc.assert(
    fc.property(anyStory, (happenings) => {
      const story = new AnyOrder();
      for (const happening of happenings) {
        const { length } = story.state.timeline;
        const end = story.state.outcome;
        story.tell(happening);
        holds(story);
        must(!end || story.state.outcome === end, 'an end is final');
        if (happening.kind === 'interrupt')
          must(story.state.timeline.length > length, 'what is asked for is written down');
      }
      isShown(story);
    }),
    runs(90_000),
  );
});
