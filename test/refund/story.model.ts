import type { InquiryAnswer, SendAnswer } from '../../src/refund/answer.js';
import type { AttentionKey } from '../../src/refund/attention.js';
import { accept, askPerson, fail, succeed } from '../../src/refund/changes.js';
import { carryOut, judge } from '../../src/refund/decide.js';
import { fateAfter, fateAfterInquiry } from '../../src/refund/fate.js';
import { type Interruption, interrupt } from '../../src/refund/interruptions.js';
import type { Decision } from '../../src/refund/messages.js';
import type { RefundState } from '../../src/refund/state.js';
import { LATER, refundIn } from './fixtures.js';

/** One thing that can happen to a refund. */
export type Happening =
  | { kind: 'send'; answer: SendAnswer }
  | { kind: 'inquire'; answer: Exclude<InquiryAnswer, { kind: 'settled' | 'declined' }> }
  | { kind: 'ask'; key: AttentionKey }
  | { kind: 'decide'; decision: Decision }
  | { kind: 'interrupt'; interruption: Interruption }
  | { kind: 'end'; as: 'succeeded' | 'accepted' | 'failed' };

/** A refund together with what really was sent, and what was really answered, under each id. */
export class Story {
  readonly state: RefundState = refundIn();
  /** For each id the answers that it got; the last id is the one in use. */
  readonly sent: SendAnswer[][] = [[]];
  /** The generations of which an inquiry said that WorldFirst knows a refund under their id. */
  readonly known = new Set<number>();

  /** Under the id in use, what WorldFirst may have read. */
  get read(): SendAnswer[] {
    return (this.sent.at(-1) as SendAnswer[]).filter(({ kind }) => kind !== 'notSent');
  }

  /** The rules together, as the workflow puts them together: automatic work only while nobody is asked. */
  tell(happening: Happening): void {
    const { state } = this;
    const automatic = !state.attention && !state.outcome;
    switch (happening.kind) {
      case 'send':
        if (!automatic) return;
        state.fate = fateAfter(state.fate, happening.answer);
        this.sent.at(-1)?.push(happening.answer);
        return;
      case 'inquire':
        if (!automatic || this.read.length === 0) return;
        state.fate = fateAfterInquiry(state.fate, happening.answer);
        if (['pending', 'mismatch'].includes(happening.answer.kind)) this.known.add(state.generation);
        return;
      case 'ask':
        if (automatic) askPerson(state, LATER, happening.key);
        return;
      case 'interrupt':
        interrupt(state, happening.interruption, LATER);
        return;
      case 'end':
        if (automatic) this.#end(happening.as);
        return;
      case 'decide': {
        if (judge(state, happening.decision).kind !== 'applies') return;
        const { generation } = state;
        carryOut(state, happening.decision, LATER);
        if (state.generation > generation) this.sent.push([]);
      }
    }
  }

  #end(as: 'succeeded' | 'accepted' | 'failed'): void {
    const { state } = this;
    if (as === 'succeeded' && this.read.length > 0) succeed(state, LATER, 'inquiry');
    if (as === 'accepted' && state.fate === 'accepted') accept(state, LATER);
    if (as === 'failed' && (state.fate === 'refused' || state.fate === 'not-sent')) {
      fail(state, LATER, { code: 'PARAM_ILLEGAL', message: 'no', advice: 'none' });
    }
  }
}
