import { TemporalFailure } from '@temporalio/common';
import type { InquiryAnswer, OrderAnswer, SendAnswer } from '../../rules/answer.js';
import type { AttentionNotice } from '../../rules/attention-notice.js';
import type { ApplyRefundBody, CashierRefundBody } from '../../rules/bodies.js';
import type { Inquiry } from '../../rules/integrity.js';
import type { RefundRequest } from '../../rules/request.js';
import type { RefundView } from '../../rules/view.js';
import { refund } from '../../workflows/refund.js';
import type { SignedMessage } from '../../worldfirst/signature.js';
import { cashier, worldtrade } from '../rules/fixtures.js';
import { BUSY, type Fortune, inquire, isFortune, isSignedNo, query, send } from './answers.js';
import { must } from './check.js';
import { AT_WORLDFIRST, MESSAGES, REPEAT, TIME_PASSES, TOGETHER } from './moves.js';
import { type Call, type Execution, startWorkflow, type Timer } from './temporal.js';
import { WorldFirst } from './worldfirst.js';

/** What stays the same throughout a story. */
export interface Setting {
  product: RefundRequest['product'];
  /** Whether inquireRefund finds what was taken. */
  isListed: boolean;
  awaitClosureNotification: boolean;
  /** Whether the worker tells the outside of refunds that need a person. */
  tells: boolean;
  /** Whether WorldFirst carries out what it refuses. */
  refusalsAreLies: boolean;
  /** What becomes of every call once the moves are over. */
  inTheEnd: Fortune;
}

/** What a story is watched for; each method throws where something is not as it must be. */
export interface Watcher {
  /** A refund is about to be sent. */
  sent(story: Story): void;
  /** A refund is about to be sent under another id than before. */
  newId(story: Story): void;
  /** The outside is told that a person is needed. */
  told(story: Story, notice: AttentionNotice): void;
  /** Something has happened, and the workflow has done what follows. */
  moved(story: Story, view: RefundView): void;
  /** Nothing happens any more without a person. */
  atRest(story: Story): void;
}

// More than the sendings of a day without a connection.
const LONGEST = 400;

/** One refund with everything round it, told move by move. The workflow is the real one; Temporal and WorldFirst are models. */
export class Story {
  readonly request: RefundRequest;
  readonly worldfirst = new WorldFirst();
  /** What was reported of each sending under the id in use; undefined where a worker died. */
  reports: (SendAnswer | undefined)[] = [];
  /** Whether WorldFirst has said that it took the refund under the id in use. */
  isKnownTaken = false;
  /** The calls that were answered since a person decided, or WorldFirst said that it took the refund. */
  alone = { inquiries: 0, sendings: 0 };
  /** Whether a person has asked for another id since this one is in use. */
  newIdIsAskedFor = false;
  /** How many more ids than the first one were used. */
  newIds = 0;
  /** Whether WorldFirst may have read anything at all. */
  wasRead = false;
  /** Whether anything but signed refusals is known of the id in use. */
  isInDoubt = false;
  /** Whether somebody has asked to stop, and it was not heeded yet. */
  isToStop = false;
  readonly setting: Setting;
  execution!: Execution;

  readonly #watcher: Watcher;
  readonly #posted = new WeakSet<Call>();
  #id: string | undefined;
  #decisions = 0;
  #held: string[] = [];
  #last: string | undefined;

  constructor(setting: Setting, watcher: Watcher) {
    this.setting = setting;
    this.request = setting.product === 'worldtrade' ? worldtrade : cashier;
    const { isListed, refusalsAreLies } = setting;
    Object.assign(this.worldfirst, { isListed, refusalsAreLies });
    this.#watcher = watcher;
  }

  get view(): RefundView {
    return this.execution.query('refund');
  }

  /** The call to WorldFirst that is under way. */
  get call(): Call | undefined {
    for (const call of this.execution.calls)
      if (call.name !== 'notifyAttention' && call.name !== 'verifyNotification') return call;
    return undefined;
  }

  /** The timer of the next step. */
  get timer(): Timer | undefined {
    for (const timer of this.execution.timers)
      if (!/^(reminder|WAITS FOR AN OPERATOR)/.test(timer.summary)) return timer;
    return undefined;
  }

  /** Tells the whole story: the moves, and then what happens by itself. */
  async tell(moves: readonly string[]): Promise<void> {
    const { request } = this;
    const { awaitClosureNotification, inTheEnd } = this.setting;
    this.execution = await startWorkflow(`refund:${request.refundRequestId}`, request, () =>
      refund(request, { awaitClosureNotification }),
    );
    await this.#goOn();
    let together = false;
    for (const move of moves) {
      if (this.#mustBeReached(move)) await this.#goOn();
      const isMessage = this.#happens(move);
      if (!(together && isMessage)) await this.#goOn();
      together = move === TOGETHER;
    }
    await this.#goOn();
    for (let steps = 0; this.timer || this.call; steps++) {
      must(steps < LONGEST, 'a refund comes to rest');
      if (this.#mustBeReached(inTheEnd)) await this.#goOn();
      this.#happens(inTheEnd);
      await this.#goOn();
    }
    this.#watcher.atRest(this);
  }

  /** Where no call is under way for this to befall, time passes until the next one. Nothing may be awaited in here. */
  #mustBeReached(move: string): boolean {
    if (!isFortune(move) || this.call || !this.timer) return false;
    this.timer.fire();
    return true;
  }

  #happens(move: string): boolean {
    const message = move === REPEAT ? this.#last : move;
    const isMessage = message !== undefined && message in MESSAGES;
    if (isMessage) this.#say(message);
    else if (isFortune(move)) this.#befalls(move);
    else if (move === TIME_PASSES) this.#timePasses();
    else AT_WORLDFIRST[move]?.(this.worldfirst);
    return isMessage;
  }

  #say(message: string): void {
    this.#last = message;
    // Messages are not read before a local activity is over.
    if (this.call?.isLocal) this.#held.push(message);
    else this.#deliver(message);
  }

  #deliver(message: string): void {
    // No message reaches a workflow that has ended.
    if (this.execution.end) return;
    if (message.endsWith('send-with-new-id')) this.newIdIsAskedFor = true;
    if (message.includes(' decides ')) this.isToStop = false;
    // Temporal tells a workflow once that it is cancelled.
    const isFirst = message === 'the workflow is cancelled' && !this.execution.scope.consideredCancelled;
    if (isFirst || message === 'Ana escalates') this.isToStop = true;
    MESSAGES[message]?.(this.execution, this.worldfirst);
  }

  #timePasses(): void {
    const [timer] = this.execution.timers;
    if (!this.call) timer?.fire();
  }

  #befalls(fortune: Fortune): void {
    const { call } = this;
    if (!call) return;
    try {
      const report = this.#reportOf(call, fortune);
      call.resolve(this.setting.tells ? report : { ...report, noNotifier: true });
    } catch (failure) {
      if (!(failure instanceof TemporalFailure)) throw failure;
      call.reject(failure);
    }
    this.execution.wake();
  }

  #reportOf(call: Call, fortune: Fortune): OrderAnswer | InquiryAnswer | SendAnswer {
    if (call.name === 'queryTradeOrder') return query(fortune);
    return call.name === 'inquireRefund' ? this.#inquired(call, fortune) : this.#sent(call, fortune);
  }

  #inquired({ input }: Call, fortune: Fortune): InquiryAnswer {
    const { refundRequestId } = input as Inquiry;
    must(refundRequestId === this.#id, 'it is asked about the id in use');
    if (fortune !== BUSY) this.alone.inquiries += 1;
    const answer = inquire(this.worldfirst, refundRequestId, fortune);
    if (answer.kind === 'pending') this.#isTaken();
    if (answer.kind === 'mismatch') this.isInDoubt = true;
    return answer;
  }

  #sent({ input }: Call, fortune: Fortune): SendAnswer {
    let report: SendAnswer | undefined;
    try {
      report = send(this.worldfirst, idOf(input), fortune);
    } finally {
      this.reports.push(report);
      if (report?.kind !== 'notSent') {
        this.wasRead = true;
        this.isInDoubt ||= !report || !isSignedNo(report);
        this.alone.sendings += 1;
      }
    }
    if (report.kind === 'accepted') this.#isTaken();
    return report;
  }

  #isTaken(): void {
    if (!this.isKnownTaken) this.alone = { inquiries: 0, sendings: 0 };
    this.isKnownTaken = true;
    this.isInDoubt = true;
  }

  /** Lets the workflow do what follows, until it waits for a call, a timer or a person. */
  async #goOn(): Promise<void> {
    do await this.execution.untilItWaits();
    while (this.#attends());
    const { view } = this;
    if (view.attention || view.outcome) this.isToStop = false;
    this.#countDecisions(view);
    this.#watcher.moved(this, view);
  }

  /** Does what needs no move, and says whether the workflow goes on by that. */
  #attends(): boolean {
    let goesOn = false;
    for (const call of this.execution.calls) {
      if (call.name === 'verifyNotification') {
        const { body } = call.input as SignedMessage;
        call.resolve({ verified: true, notification: JSON.parse(body) });
        goesOn = true;
      } else if (call.name === 'notifyAttention') {
        this.#watcher.told(this, call.input as AttentionNotice);
        call.resolve('notified');
        goesOn = true;
      } else if (isSending(call) && !this.#posted.has(call)) {
        this.#posted.add(call);
        this.#posts(idOf(call.input), call.input);
      }
    }
    if (this.#held.length === 0 || this.call?.isLocal) return goesOn;
    for (const message of this.#held.splice(0)) this.#deliver(message);
    return true;
  }

  #posts(id: string, body: unknown): void {
    this.#watcher.sent(this);
    if (this.#id !== undefined && this.#id !== id) {
      this.#watcher.newId(this);
      this.newIds += 1;
      Object.assign(this, { reports: [], isKnownTaken: false, isInDoubt: false, newIdIsAskedFor: false });
    }
    this.#id = id;
    this.worldfirst.posted(id, body);
  }

  #countDecisions({ timeline }: RefundView): void {
    const decisions = timeline.filter(({ event }) => event === 'decision').length;
    if (decisions > this.#decisions) this.alone = { inquiries: 0, sendings: 0 };
    this.#decisions = decisions;
  }
}

/** Whether it is a call that moves money. */
function isSending(call: Call | undefined): boolean {
  return call?.name === 'applyRefund' || call?.name === 'refund';
}

function idOf(body: unknown): string {
  const { requestId, refundRequestId } = body as Partial<ApplyRefundBody & CashierRefundBody>;
  return requestId ?? refundRequestId ?? '';
}
