import type { InquiryAnswer, SendAnswer } from '../../rules/answer.js';
import type { AttentionKey } from '../../rules/attention.js';
import { accept, fail, requireAttention, succeed } from '../../rules/changes.js';
import { applyDecision, checkDecision } from '../../rules/decide.js';
import { type Interruption, interrupt } from '../../rules/interruptions.js';
import type { Decision } from '../../rules/messages.js';
import { providerRequestId, type RefundState } from '../../rules/state.js';
import { submissionAfterInquiry, submissionAfterSending } from '../../rules/submission.js';
import { LATER, refundIn } from '../rules/fixtures.js';
import { type Fortune, inquire, send } from './answers.js';
import { WorldFirst } from './worldfirst.js';

/** One thing that can happen to a refund. */
export type Happening =
  | { kind: 'send' | 'inquire'; fortune: Fortune }
  | { kind: 'ask'; key: AttentionKey }
  | { kind: 'decide'; decision: Decision }
  | { kind: 'interrupt'; interruption: Exclude<Interruption, { kind: 'notification' }> }
  | { kind: 'notify'; tradeId: string; isRefund: 'Y' | 'N' }
  | { kind: 'settle'; as: 'settled' | 'declined' }
  | { kind: 'find what was lost' | 'accept' };

/**
 * The rules alone, without the workflow: it may send, inquire, ask a person or leave off at any moment, in any order. Only
 * what ends a refund is as in the workflow. Beside it WorldFirst's own books.
 */
export class AnyOrder {
  readonly state: RefundState = refundIn();
  readonly worldfirst = new WorldFirst();
  /** For each id what its sendings reported; the last id is the one in use. */
  readonly reports: SendAnswer[][] = [[]];
  /** Whether an inquiry has found the refund under the id in use. */
  isFound = false;
  /** Whether an inquiry has found something else there. */
  isInDoubt = false;
  /** The ids under which WorldFirst carried out a refund, or still may, when another one was chosen. */
  readonly leftOpen: string[] = [];

  tell(happening: Happening): void {
    const { state, worldfirst } = this;
    switch (happening.kind) {
      case 'send':
        if (this.#isAutomatic) this.#send(happening.fortune);
        return;
      case 'inquire':
        if (this.#isAutomatic && this.#wasRead) this.#inquire(happening.fortune);
        return;
      case 'ask':
        if (this.#isAutomatic) requireAttention(state, LATER, happening.key);
        return;
      case 'accept':
        if (this.#isAutomatic && state.submission === 'accepted') accept(state, LATER);
        return;
      case 'interrupt':
        interrupt(state, happening.interruption, LATER);
        return;
      case 'notify':
        this.#notify(happening.tradeId, happening.isRefund);
        return;
      case 'decide':
        this.#decide(happening.decision);
        return;
      case 'settle':
        worldfirst.settles(happening.as);
        return;
      case 'find what was lost':
        worldfirst.findsWhatWasLost();
    }
  }

  get #isAutomatic(): boolean {
    return !this.state.attention && !this.state.outcome;
  }

  get #wasRead(): boolean {
    return (this.reports.at(-1) ?? []).some(({ kind }) => kind !== 'notSent');
  }

  #send(fortune: Fortune): void {
    const { state, worldfirst } = this;
    const id = providerRequestId(state);
    worldfirst.posted(id, 'the same body');
    const report = reported(() => send(worldfirst, id, fortune));
    const before = state.submission;
    state.submission = submissionAfterSending(before, report);
    this.reports.at(-1)?.push(report);
    if (
      report.kind === 'refused' &&
      report.help === 'final' &&
      before !== 'unknown' &&
      before !== 'accepted'
    ) {
      fail(state, LATER, report);
    }
  }

  #inquire(fortune: Fortune): void {
    const { state, worldfirst } = this;
    const answer = reported(() => inquire(worldfirst, providerRequestId(state), fortune));
    if (answer.kind === 'throttled') return;
    this.isFound ||= answer.kind === 'pending';
    this.isInDoubt ||= answer.kind === 'mismatch';
    state.submission = submissionAfterInquiry(state.submission, answer);
    if (answer.kind === 'settled') succeed(state, LATER, 'inquiry');
    if (answer.kind === 'declined') fail(state, LATER, { code: 'FAIL', message: 'no', advice: 'none' });
  }

  /** WorldFirst notifies of nothing that is not so. */
  #notify(tradeId: string, as: 'Y' | 'N'): void {
    const { state, worldfirst } = this;
    worldfirst.closes(as);
    const isRefund = worldfirst.closed;
    if (isRefund)
      interrupt(
        state,
        { kind: 'notification', tradeId, isRefund, requestTime: LATER, concerns: 'this' },
        LATER,
      );
  }

  #decide(decision: Decision): void {
    const { state, worldfirst } = this;
    if (checkDecision(state, decision).kind !== 'applies') return;
    const { generation } = state;
    applyDecision(state, decision, LATER);
    if (state.generation === generation) return;
    this.reports.push([]);
    if (this.isFound || this.isInDoubt) this.leftOpen.push('what an inquiry showed');
    this.leftOpen.push(...[...worldfirst.ids.keys()].filter((id) => worldfirst.mayMove(id)));
    Object.assign(this, { isFound: false, isInDoubt: false });
  }
}

/** What the workflow takes a report for: the failure of an activity says nothing of its call. */
function reported<Answer extends SendAnswer | InquiryAnswer>(report: () => Answer): Answer {
  try {
    return report();
  } catch {
    return { kind: 'unknown', reason: 'the worker that made the call did not report back' } as Answer;
  }
}
