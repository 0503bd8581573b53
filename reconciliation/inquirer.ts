import type { WorldFirstGateway } from '../activities/gateway.js';
import { endOf } from '../activities/inquiry-answer.js';
import { pacer } from '../client/pace.js';
import { findEntry } from '../rules/integrity.js';
import type { AnswerAboutId } from '../rules/reconcile.js';
import type { ApiAnswer } from '../worldfirst/classify-response.js';
import type { InquireRefundAnswer } from '../worldfirst/schemas.js';

type Gateway = Pick<WorldFirstGateway, 'inquireRefund'>;

// So many inquiries in a row without an answer: then WorldFirst is down, or limits the calls.
const UNANSWERED_IN_A_ROW = 5;

/** Inquires about refunds, one id a call and evenly spread, and stops while WorldFirst does not answer. */
export class Inquirer {
  readonly #gateway: Gateway;
  readonly #turn: (signal?: AbortSignal) => Promise<void>;
  readonly #signal: AbortSignal;
  #unanswered = 0;
  #lastReason = '';
  #calls = 0;

  constructor(gateway: Gateway, { callsPerSecond, signal }: { callsPerSecond: number; signal: AbortSignal }) {
    this.#gateway = gateway;
    this.#turn = pacer(callsPerSecond);
    this.#signal = signal;
  }

  /** How many calls were made. */
  get calls(): number {
    return this.#calls;
  }

  /** Whether it has stopped, because WorldFirst did not answer. */
  get isStopped(): boolean {
    return this.#unanswered >= UNANSWERED_IN_A_ROW;
  }

  /**
   * Inquires once.
   * @param requestId the id under which the refund was sent
   * @param refundId WorldFirst's id of it, if it is known: an entry of the answer may have no other id
   */
  async ask(requestId: string, refundId: string | undefined): Promise<AnswerAboutId> {
    if (this.isStopped)
      return {
        kind: 'notChecked',
        reason: `It was not asked about: ${UNANSWERED_IN_A_ROW} inquiries in a row got no answer (${this.#lastReason})`,
      };
    await this.#turn(this.#signal);
    if (this.#signal.aborted) return { kind: 'notChecked', reason: 'The reconciliation was stopped before.' };
    this.#calls += 1;
    const body = { refundRequestIds: [requestId] };
    const answer = answerAbout(
      requestId,
      refundId,
      await this.#gateway.inquireRefund(body, { signal: this.#signal }),
    );
    this.#unanswered = answer.kind === 'notChecked' ? this.#unanswered + 1 : 0;
    if (answer.kind === 'notChecked') this.#lastReason = answer.reason;
    return answer;
  }
}

/** What an answer says about one id; everything doubtful is not checked. */
function answerAbout(
  refundRequestId: string,
  refundId: string | undefined,
  answer: ApiAnswer<InquireRefundAnswer>,
): AnswerAboutId {
  const notChecked = (reason: string): AnswerAboutId => ({ kind: 'notChecked', reason });
  if ('old' in answer && answer.old !== undefined) return notChecked(answer.old);
  switch (answer.kind) {
    case 'success': {
      const expected = { amounts: [], ...(refundId !== undefined && { refundId }) };
      const found = findEntry({ refundRequestId, expected }, answer.body.refundInformation ?? []);
      if (found.kind === 'notFound') return found;
      if (found.kind === 'mismatch') return notChecked(found.differences.join(' '));
      const { refundStatus = '' } = found.entry;
      return { kind: endOf(refundStatus), refundStatus, entry: found.entry };
    }
    case 'failure':
      if (answer.code === 'REFUND_ORDER_NOT_EXIST') return { kind: 'notFound' };
      return notChecked(`WorldFirst refused the inquiry (${answer.code}: ${answer.message}).`);
    case 'unreadable':
      return notChecked(`The answer cannot be read: ${answer.problems.join('; ')}.`);
    default:
      return notChecked(answer.reason);
  }
}
