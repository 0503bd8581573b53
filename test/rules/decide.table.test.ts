import { describe, expect, it } from 'vitest';
import { succeed } from '../../rules/changes.js';
import { applyDecision, checkDecision, decisionsFor } from '../../rules/decide.js';
import type { DecisionName } from '../../rules/decision.js';
import type { RefundState } from '../../rules/state.js';
import type { SubmissionState } from '../../rules/submission.js';
import { anas, DECISION_NAMES, LATER, refundIn, SUBMISSION_STATES } from './fixtures.js';

/**
 * The whole table: what becomes of each decision, by the submission of the request and by what the refund does. It is written
 * out by hand, for it is the promise; nothing of it is computed from the source.
 *
 * waiting: needs an operator · running: automatic work · decided: automatic work after another decision · ended. Where it applies, the arrow says how the refund goes on.
 */
const TABLE = `
decision         submission     | waiting             running     decided         ended
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
cancel           not-sent | ->cancelled         NOT_WAITING ALREADY_DECIDED ENDED
cancel           refused  | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
cancel           unknown  | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
cancel           accepted | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
mark-succeeded   not-sent | DOES_NOT_APPLY      NOT_WAITING ALREADY_DECIDED ENDED
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
  submission: SubmissionState;
  cells: string[];
}

const [HEADER, ...ROWS] = TABLE.trim()
  .split('\n')
  .map((line) => line.split(/[\s|]+/));
const SITUATIONS = HEADER?.slice(2) ?? [];
const rows = ROWS.map(([decision, submission, ...cells]) => ({ decision, submission, cells }) as Row);
const cells = rows.flatMap(({ decision, submission, cells: row }) =>
  row.map((expected, index) => [decision, submission, SITUATIONS[index] as string, expected] as const),
);

/** What somebody decided before, in the situations after a decision. */
const BEFORE = anas('send-again', { by: 'Ben', reason: 'an earlier one' });

function situation(name: string, submission: SubmissionState): RefundState {
  const state = refundIn({ submission });
  if (name === 'waiting') return refundIn({ submission, waitingFor: 'escalated' });
  if (name === 'decided' || name === 'ended') state.decided = { ...BEFORE, at: LATER };
  if (name === 'ended') succeed(state, LATER, 'inquiry');
  return state;
}

function whatBecomesOf(state: RefundState, decision: DecisionName): string {
  const verdict = checkDecision(state, anas(decision));
  if (verdict.kind === 'refused') return verdict.code;
  if (verdict.kind === 'repeated') return verdict.kind;
  return `->${applyDecision(state, anas(decision), LATER) ?? state.outcome?.status}`;
}

describe('the table of decisions', () => {
  it('has a cell for each decision, submission and situation', () => {
    const expected = DECISION_NAMES.flatMap((decision) =>
      SUBMISSION_STATES.map((submission) => `${decision} ${submission}`),
    );
    expect(rows.map(({ decision, submission }) => `${decision} ${submission}`).sort()).toEqual(
      expected.sort(),
    );
    expect(cells).toHaveLength(96);
  });

  it.each(cells)('%s, submission %s, %s: %s', (decision, submission, name, expected) => {
    expect(whatBecomesOf(situation(name, submission), decision)).toBe(expected);
  });

  it.each(SUBMISSION_STATES)('offers exactly the possible decisions: submission %s', (submission) => {
    const applying = rows.filter((row) => row.submission === submission && row.cells[0]?.startsWith('->'));
    expect(decisionsFor(situation('waiting', submission))).toEqual(applying.map(({ decision }) => decision));
  });

  it.each(SUBMISSION_STATES)('offers nothing while no operator is needed: submission %s', (submission) => {
    for (const name of ['running', 'decided', 'ended']) {
      expect(decisionsFor(situation(name, submission))).toEqual([]);
    }
  });
});

/** Repeats and lacking evidence, in the same situations. */
describe.each(SUBMISSION_STATES)('submission %s', (submission) => {
  it.each(DECISION_NAMES)('a repeat of the identical %s is harmless, running and ended', (decision) => {
    const running = refundIn({ submission });
    running.decided = { ...anas(decision), at: LATER };
    expect(checkDecision(running, anas(decision))).toEqual({ kind: 'repeated' });
    succeed(running, LATER, 'operator');
    expect(checkDecision(running, anas(decision))).toEqual({ kind: 'repeated' });
  });

  it.each(['mark-succeeded', 'mark-failed'] as const)('%s needs evidence, where it applies', (decision) => {
    const code =
      decision === 'mark-succeeded' && submission === 'not-sent' ? 'DOES_NOT_APPLY' : 'EVIDENCE_MISSING';
    for (const evidence of [undefined, '', '  \n']) {
      const { evidence: _, ...without } = anas(decision);
      const verdict = checkDecision(situation('waiting', submission), {
        ...without,
        ...(evidence && { evidence }),
      });
      expect(verdict).toMatchObject({ kind: 'refused', code });
    }
  });
});
