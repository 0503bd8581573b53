import { describe, expect, it } from 'vitest';
import { succeed } from '../../rules/changes.js';
import { carryOut, type DecisionName, decisionsFor, judge } from '../../rules/decide.js';
import type { Fate } from '../../rules/fate.js';
import type { RefundState } from '../../rules/state.js';
import { anas, DECISION_NAMES, FATES, LATER, refundIn } from './fixtures.js';

/**
 * The whole table: what becomes of each decision, by the fate of the request and by what the refund does. It is written
 * out by hand, for it is the promise; nothing of it is computed from the source.
 *
 * waiting: a person is needed · running: automatic work, nobody was asked · decided: automatic work after somebody's
 * other decision · ended. Where it applies, the arrow says how the refund goes on.
 */
const TABLE = `
decision         fate     | waiting             running     decided         ended
inquire-again    not-sent | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
inquire-again    refused  | ->findOut           NOT_WAITING ALREADY_DECIDED ENDED
inquire-again    unknown  | ->findOut           NOT_WAITING ALREADY_DECIDED ENDED
inquire-again    accepted | ->followSettlement  NOT_WAITING ALREADY_DECIDED ENDED
send-again       not-sent | ->prepare           NOT_WAITING ALREADY_DECIDED ENDED
send-again       refused  | ->send              NOT_WAITING ALREADY_DECIDED ENDED
send-again       unknown  | ->send              NOT_WAITING ALREADY_DECIDED ENDED
send-again       accepted | ->send              NOT_WAITING ALREADY_DECIDED ENDED
send-with-new-id not-sent | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
send-with-new-id refused  | ->send              NOT_WAITING ALREADY_DECIDED ENDED
send-with-new-id unknown  | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
send-with-new-id accepted | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
mark-succeeded   not-sent | ->succeeded         NOT_WAITING ALREADY_DECIDED ENDED
mark-succeeded   refused  | ->succeeded         NOT_WAITING ALREADY_DECIDED ENDED
mark-succeeded   unknown  | ->succeeded         NOT_WAITING ALREADY_DECIDED ENDED
mark-succeeded   accepted | ->succeeded         NOT_WAITING ALREADY_DECIDED ENDED
mark-failed      not-sent | ->failed            NOT_WAITING ALREADY_DECIDED ENDED
mark-failed      refused  | ->failed            NOT_WAITING ALREADY_DECIDED ENDED
mark-failed      unknown  | ->failed            NOT_WAITING ALREADY_DECIDED ENDED
mark-failed      accepted | ->failed            NOT_WAITING ALREADY_DECIDED ENDED
`;

interface Row {
  decision: DecisionName;
  fate: Fate;
  cells: string[];
}

const [HEADER, ...ROWS] = TABLE.trim()
  .split('\n')
  .map((line) => line.split(/[\s|]+/));
const SITUATIONS = HEADER?.slice(2) ?? [];
const rows = ROWS.map(([decision, fate, ...cells]) => ({ decision, fate, cells }) as Row);
const cells = rows.flatMap(({ decision, fate, cells: row }) =>
  row.map((expected, index) => [decision, fate, SITUATIONS[index] as string, expected] as const),
);

/** What somebody decided before, in the situations after a decision. */
const BEFORE = anas('send-again', { by: 'Ben', reason: 'an earlier one' });

function situation(name: string, fate: Fate): RefundState {
  const state = refundIn({ fate });
  if (name === 'waiting') return refundIn({ fate, waitingFor: 'escalated' });
  if (name === 'decided' || name === 'ended') state.decided = { ...BEFORE, at: LATER };
  if (name === 'ended') succeed(state, LATER, 'inquiry');
  return state;
}

function whatBecomesOf(state: RefundState, decision: DecisionName): string {
  const verdict = judge(state, anas(decision));
  if (verdict.kind === 'refused') return verdict.code;
  if (verdict.kind === 'repeated') return verdict.kind;
  return `->${carryOut(state, anas(decision), LATER) ?? state.outcome?.status}`;
}

describe('the table of decisions', () => {
  it('has a cell for each decision, fate and situation', () => {
    const expected = DECISION_NAMES.flatMap((decision) => FATES.map((fate) => `${decision} ${fate}`));
    expect(rows.map(({ decision, fate }) => `${decision} ${fate}`).sort()).toEqual(expected.sort());
    expect(cells).toHaveLength(80);
  });

  it.each(cells)('%s, fate %s, %s: %s', (decision, fate, name, expected) => {
    expect(whatBecomesOf(situation(name, fate), decision)).toBe(expected);
  });

  it.each(FATES)('offers a person exactly what applies: fate %s', (fate) => {
    const applying = rows.filter((row) => row.fate === fate && row.cells[0]?.startsWith('->'));
    expect(decisionsFor(situation('waiting', fate))).toEqual(applying.map(({ decision }) => decision));
  });

  it.each(FATES)('offers nothing while nobody is asked: fate %s', (fate) => {
    for (const name of ['running', 'decided', 'ended']) {
      expect(decisionsFor(situation(name, fate))).toEqual([]);
    }
  });
});

/** Repeats and lacking evidence, in the same situations. */
describe.each(FATES)('fate %s', (fate) => {
  it.each(DECISION_NAMES)('a repeat of the identical %s is harmless, running and ended', (decision) => {
    const running = refundIn({ fate });
    running.decided = { ...anas(decision), at: LATER };
    expect(judge(running, anas(decision))).toEqual({ kind: 'repeated' });
    succeed(running, LATER, 'operator');
    expect(judge(running, anas(decision))).toEqual({ kind: 'repeated' });
  });

  it.each(['mark-succeeded', 'mark-failed'] as const)('%s needs evidence', (decision) => {
    for (const evidence of [undefined, '', '  \n']) {
      const { evidence: _, ...without } = anas(decision);
      const verdict = judge(situation('waiting', fate), { ...without, ...(evidence && { evidence }) });
      expect(verdict).toMatchObject({ kind: 'refused', code: 'EVIDENCE_MISSING' });
    }
  });
});
