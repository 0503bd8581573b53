import { CancellationScope, condition, metricMeter } from '@temporalio/workflow';
import { applyDecision, checkDecision, type DecisionCheck } from '../rules/decide.js';
import type { NextStep } from '../rules/decision.js';
import { type Interruption, interrupt } from '../rules/interruptions.js';
import type { AuditNote, Decision } from '../rules/messages.js';
import { count } from '../rules/metrics.js';
import { now } from './clock.js';
import type { RefundRun } from './refund-run.js';

/** The messages to one refund: decisions, check-now, interruptions, and the callers that wait for a first answer. */
export class Inbox {
  readonly #run: Pick<RefundRun, 'state' | 'note' | 'stateChanged'>;
  readonly #pending: Interruption[] = [];
  #isCalling = false;
  #checkNow = false;
  #firstAnswerCallers = 0;
  #verifying = 0;
  #nextStep: NextStep | undefined;

  constructor(run: Pick<RefundRun, 'state' | 'note' | 'stateChanged'>) {
    this.#run = run;
  }

  /** A call to WorldFirst begins. Interruptions wait until its answer is there, so that the answer is not lost. */
  beginCall(): void {
    this.#isCalling = true;
    this.#run.stateChanged();
  }

  /**
   * The call is over: applies the interruptions that arrived meanwhile, once they are verified. They can halt the refund.
   * @returns nothing where that is done already: each `await` costs the SDK's stack traces, so the frequent callers skip it
   */
  applyPendingInterruptions(): Promise<void> | undefined {
    if (this.#verifying > 0) return condition(() => this.#verifying === 0).then(() => this.#applyPending());
    this.#applyPending();
    return undefined;
  }

  #applyPending(): void {
    this.#isCalling = false;
    for (const interruption of this.#pending.splice(0)) interrupt(this.#run.state, interruption, now());
  }

  /** Verifies a message; the refund does not take its next step before that is done. */
  async whileVerifying<T>(verify: () => Promise<T>): Promise<T> {
    this.#verifying += 1;
    try {
      return await verify();
    } finally {
      this.#verifying -= 1;
    }
  }

  interrupt(interruption: Interruption): void {
    if (this.#isCalling) this.#pending.push(interruption);
    else interrupt(this.#run.state, interruption, now());
    this.#run.stateChanged();
  }

  checkDecision(decision: Decision): DecisionCheck {
    return checkDecision(this.#run.state, decision);
  }

  decide(decision: Decision): void {
    const check = this.checkDecision(decision);
    const result = check.kind === 'applies' ? 'applied' : check.kind;
    count(metricMeter, 'decisions', { decision: decision.decision, result });
    if (check.kind === 'applies') this.#nextStep = applyDecision(this.#run.state, decision, now());
    if (check.kind === 'refused')
      this.#run.note('decision-refused', `refused: ${check.sentence}`, decision.by);
    this.#run.stateChanged();
  }

  /** Whether a decision has arrived that the refund continues with. */
  get isDecided(): boolean {
    return this.#nextStep !== undefined;
  }

  /** The step that the last decision chose; it is given out once. */
  takeNextStep(): NextStep | undefined {
    const next = this.#nextStep;
    this.#nextStep = undefined;
    return next;
  }

  /** Why an inquiry cannot be run now, or undefined where it can. */
  checkNowRefusal(): string | undefined {
    const { status, next } = this.#run.state;
    return next ? undefined : `no inquiry is planned: the refund is ${status}`;
  }

  checkNow({ by, reason }: AuditNote): void {
    const refusal = this.checkNowRefusal();
    this.#run.note('check-now', refusal ? `no inquiry was made: ${refusal}` : `check now: ${reason}`, by);
    if (!refusal) this.#checkNow = true;
  }

  get isCheckRequested(): boolean {
    return this.#checkNow;
  }

  forgetCheckRequest(): void {
    this.#checkNow = false;
  }

  /** Resolves once `isReady`; until then a caller waits for the first answer. */
  async firstAnswer(isReady: () => boolean): Promise<void> {
    this.#firstAnswerCallers += 1;
    this.#run.stateChanged();
    try {
      // A handler runs in the workflow's own scope, and its caller gets an answer also where the workflow is cancelled.
      await CancellationScope.nonCancellable(() => condition(isReady));
    } finally {
      this.#firstAnswerCallers -= 1;
    }
  }

  get isFirstAnswerAwaited(): boolean {
    return this.#firstAnswerCallers > 0;
  }
}
