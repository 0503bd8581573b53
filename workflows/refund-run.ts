import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { meaningOf } from '../rules/answer-labels.js';
import type { AttentionKey } from '../rules/attention.js';
import { accept, begin, fail, requireAttention, succeed } from '../rules/changes.js';
import { applyDecision, checkDecision, type DecisionCheck, type NextStep } from '../rules/decide.js';
import { detailsOf } from '../rules/details.js';
import { type Interruption, interrupt } from '../rules/interruptions.js';
import type { AuditNote, Decision } from '../rules/messages.js';
import type { RefundFailed, RefundSucceeded } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { formatInterval, type RefundOptions, type Schedule, scheduleOf } from '../rules/schedule.js';
import { note, type RefundState, type Step, type TimelineEvent } from '../rules/state.js';
import { type RefundView, viewOf } from '../rules/view.js';
import { continueAsNewWithState, shouldContinueAsNew } from './continue-as-new.js';
import { showInList } from './listing.js';

/** One refund under way: what is known of it, what it shows to people, and what it waits for. */
export class RefundRun {
  readonly state: RefundState;
  /** As they were given. */
  readonly options: RefundOptions | undefined;
  readonly schedule: Schedule;
  /** Whether questions in passing are of no use: the worker's calls are limited, or WorldFirst is too slow for them. */
  localActivitiesDisabled = false;
  /** Whether there may be somebody to tell that a person is needed; that can have changed after every wait. */
  mayNotify = true;

  #calling = false;
  #waiting: Interruption[] = [];
  #checkNow = false;
  #awaited = 0;
  #nextStep: NextStep | undefined;
  /** Whether the history has become long. */
  #isLong = false;
  #measuredAt = -1;

  constructor(state: RefundState, options?: RefundOptions) {
    this.state = state;
    this.options = options;
    this.schedule = scheduleOf(options);
    this.#stateChanged();
  }

  get request(): RefundRequest {
    return this.state.request;
  }

  view(): RefundView {
    return viewOf(this.state);
  }

  note(event: TimelineEvent, text: string, by?: string): void {
    note(this.state, now(), event, text, by);
    this.#stateChanged();
  }

  // What the story does with a refund.

  begin(step: Step): void {
    begin(this.state, step, this.schedule);
  }

  requireAttention(
    key: AttentionKey,
    particulars?: { detail?: string; furtherAction?: string | undefined },
  ): 'stop' {
    requireAttention(this.state, now(), key, particulars);
    return 'stop';
  }

  succeed(confirmedBy: RefundSucceeded['confirmedBy']): 'stop' {
    succeed(this.state, now(), confirmedBy);
    return 'stop';
  }

  accept(): 'stop' {
    accept(this.state, now());
    return 'stop';
  }

  fail(why: Pick<RefundFailed, 'code' | 'message' | 'advice'>): 'stop' {
    fail(this.state, now(), why);
    return 'stop';
  }

  /**
   * Waits, unless or until somebody stops the automatic work. All that can end a wait ends it here: the durable timer,
   * check-now, a notification, an escalation, a cancellation. Ask {@link isHalted} afterwards, in the step that goes on:
   * an answer from in here would be older than what arrived last.
   * @param what says in one line what comes then; it is the timer's summary in the Web UI
   */
  async wait(milliseconds: number, what: string): Promise<void> {
    if (this.applyPendingInterruptions() || milliseconds === 0) return;
    const left = this.#leftOfWait() ?? milliseconds;
    const summary = `${what} in ${formatInterval(left)}: ${this.#because()}`;
    if (!this.state.next) {
      this.#checkNow = false;
      this.state.next = { at: new Date(Date.now() + milliseconds).toISOString(), what };
      this.note('wait', summary);
    }
    this.publish();
    await this.#rest(
      (isOver) => condition(isOver, left, { summary: summary.slice(0, 190) }),
      () => this.#checkNow || this.isHalted(),
    );
    delete this.state.next;
    this.mayNotify = true;
  }

  /** What is left of a wait that began in an earlier run. */
  #leftOfWait(): number | undefined {
    const { next } = this.state;
    return next && Math.max(1, Date.parse(next.at) - Date.now());
  }

  /** Waits until a person has decided, and says how the refund goes on. */
  async awaitDecision(): Promise<Step> {
    while (this.#nextStep === undefined && this.state.outcome === undefined) {
      this.publish();
      const { attention } = this.state;
      // Another reason can take the place of this one.
      await this.#rest(condition, () => this.state.attention !== attention);
    }
    const onward = this.#nextStep;
    this.#nextStep = undefined;
    return onward ?? 'stop';
  }

  /** Waits where nothing is under way, so that the refund can go on in another run once its history has become long. */
  async #rest(wait: (isOver: () => boolean) => Promise<unknown>, isOver: () => boolean): Promise<void> {
    let isLong = false;
    await wait(() => {
      isLong ||= this.#isLong;
      return isOver() || isLong;
    });
    if (isOver() || !isLong) return;
    // What has arrived together with the wish to go on comes first.
    await condition(allHandlersFinished);
    if (!isOver()) await continueAsNewWithState(this);
  }

  /** From here on WorldFirst is called. What arrives meanwhile is heeded when its answer is in, lest the answer be lost. */
  beginCall(): void {
    this.#calling = true;
    this.#stateChanged();
  }

  /** Heeds what arrived during a call, and says whether the automatic work is to stop. */
  applyPendingInterruptions(): boolean {
    this.#calling = false;
    for (const interruption of this.#waiting.splice(0)) interrupt(this.state, interruption, now());
    return this.isHalted();
  }

  // What people ask of a refund.

  interrupt(interruption: Interruption): void {
    if (this.#calling) this.#waiting.push(interruption);
    else interrupt(this.state, interruption, now());
    this.#stateChanged();
  }

  /** Why a check cannot be run now, or undefined where it can. */
  checkNowRefusal(): string | undefined {
    const { status, next } = this.state;
    return next ? undefined : `no inquiry is planned: the refund is ${status}`;
  }

  checkNow({ by, reason }: AuditNote): void {
    const refusal = this.checkNowRefusal();
    this.note('check-now', refusal ? `check now was refused: ${refusal}` : `check now: ${reason}`, by);
    if (!refusal) this.#checkNow = true;
  }

  checkDecision(decision: Decision): DecisionCheck {
    return checkDecision(this.state, decision);
  }

  decide(decision: Decision): void {
    const verdict = this.checkDecision(decision);
    if (verdict.kind === 'applies') this.#nextStep = applyDecision(this.state, decision, now());
    if (verdict.kind === 'refused')
      this.note('decision-refused', `refused: ${verdict.sentence}`, decision.by);
    this.#stateChanged();
  }

  /** Shows the refund to people. Called where it waits or ends, for each change of a search attribute is billed. */
  publish(): void {
    const view = this.view();
    this.#stateChanged(view);
    showInList(view);
  }

  /** Whether WorldFirst has answered the sending, or it is clear that this takes longer. */
  #hasFirstAnswer(): boolean {
    const { lastAnswer, next } = this.state;
    return next !== undefined || this.isHalted() || (lastAnswer !== undefined && lastAnswer.step !== 'query');
  }

  /** Resolves once there is a first answer. */
  async firstAnswer(): Promise<void> {
    this.#awaited += 1;
    this.#stateChanged();
    try {
      // A handler runs in the workflow's own scope, and a cancellation is no reason not to answer.
      await CancellationScope.nonCancellable(() => condition(() => this.#hasFirstAnswer()));
    } finally {
      this.#awaited -= 1;
    }
  }

  /** Whether somebody is waiting for the first answer, or is about to be told. */
  isFirstAnswerAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Whether it rests, with no check under way that was asked for. */
  isIdle(): boolean {
    return (this.state.next !== undefined && !this.#checkNow) || this.isHalted();
  }

  /** Whether the story has to leave off: a person is needed or has decided, or the refund has ended. */
  isHalted(): boolean {
    const { attention, outcome } = this.state;
    return attention !== undefined || outcome !== undefined || this.#nextStep !== undefined;
  }

  #because(): string {
    const { lastAnswer } = this.state;
    return lastAnswer ? meaningOf(lastAnswer.kind) : 'as a person asked';
  }

  /**
   * Called for all that happens to the refund, and never for a message that is refused: Temporal writes nothing of that into
   * the history, and what it led to could not be replayed.
   */
  #stateChanged(view = this.view()): void {
    setCurrentDetails(detailsOf(view, this.state.next?.what));
    // Once for each workflow task is enough: it costs, and a flood brings hundreds of messages in one task.
    const { historyLength } = workflowInfo();
    if (historyLength === this.#measuredAt) return;
    this.#measuredAt = historyLength;
    this.#isLong = shouldContinueAsNew(this);
  }
}

function now(): string {
  return new Date().toISOString();
}
