import { setCurrentDetails } from '@temporalio/workflow';
import type { AttentionKey } from '../rules/attention.js';
import { accept, assumeSent, begin, fail, requireAttention, succeed } from '../rules/changes.js';
import { detailsOf } from '../rules/details.js';
import type { RefundFailed, RefundSucceeded } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { type RefundOptions, type Schedule, scheduleOf } from '../rules/schedule.js';
import { note, type RefundState, type Step, type TimelineEvent } from '../rules/state.js';
import { type RefundView, viewOf } from '../rules/view.js';
import { now } from './clock.js';
import { HistoryLength } from './continue-as-new.js';
import { Inbox } from './inbox.js';
import { showInList } from './listing.js';
import { RunMetrics } from './run-metrics.js';

/** One refund while it runs: what is known of it, and what it shows to people. Messages arrive in its {@link Inbox}. */
export class RefundRun {
  readonly state: RefundState;
  /** As they were given. */
  readonly options: RefundOptions | undefined;
  readonly schedule: Schedule;
  readonly inbox: Inbox;
  readonly history: HistoryLength;
  readonly #metrics: RunMetrics;
  /** Whether calls go by the task queue only: the worker's calls are limited, or WorldFirst answers too slowly. */
  localActivitiesDisabled = false;
  /** Whether the worker may have an attention notifier; that can have changed after every wait. */
  mayNotify = true;

  constructor(state: RefundState, options?: RefundOptions) {
    this.state = state;
    this.options = options;
    this.schedule = scheduleOf(options);
    this.inbox = new Inbox(this);
    this.history = new HistoryLength(state, options);
    this.#metrics = new RunMetrics(state);
    this.stateChanged();
  }

  get request(): RefundRequest {
    return this.state.request;
  }

  view(): RefundView {
    return viewOf(this.state);
  }

  /** Whether the automatic work has to stop: an operator is needed or has decided, or the refund has ended. */
  get isHalted(): boolean {
    const { attention, outcome } = this.state;
    return attention !== undefined || outcome !== undefined || this.inbox.isDecided;
  }

  /** The step of a refund whose automatic work has to stop. */
  get haltedStep(): 'awaitDecision' | 'done' {
    return this.state.outcome ? 'done' : 'awaitDecision';
  }

  begin(step: Step): void {
    begin(this.state, step, this.schedule);
  }

  requireAttention(
    key: AttentionKey,
    particulars?: { detail?: string | undefined; furtherAction?: string | undefined },
  ): 'awaitDecision' {
    requireAttention(this.state, now(), key, particulars);
    return 'awaitDecision';
  }

  succeed(confirmedBy: RefundSucceeded['confirmedBy']): 'done' {
    succeed(this.state, now(), confirmedBy);
    return 'done';
  }

  accept(): 'done' {
    accept(this.state, now());
    return 'done';
  }

  fail(why: Pick<RefundFailed, 'code' | 'message' | 'advice'>): 'done' {
    fail(this.state, now(), why);
    return 'done';
  }

  /** After a workflow reset: what the run before it did is not known here, so the submission is unknown. */
  forgetCertainty(): void {
    this.state.resets += 1;
    const sentence = 'this run came out of a reset; an earlier run may have sent the refund';
    assumeSent(this.state, now(), 'reset', sentence);
    this.stateChanged();
  }

  /** Writes one line into the timeline. */
  note(event: TimelineEvent, text: string, by?: string): void {
    note(this.state, now(), event, text, by);
    this.stateChanged();
  }

  /** Shows the refund in lists. Called where it waits or ends: each change of a search attribute is billed. */
  publish(): void {
    const view = this.view();
    this.stateChanged(view);
    showInList(view, this.state.decided);
    this.#metrics.observe();
  }

  /**
   * Writes the page for people. Called for each change of the state, and never for a message that is refused: Temporal
   * writes nothing of a refused update into the history, and what it led to could not be replayed.
   */
  stateChanged(view = this.view()): void {
    setCurrentDetails(detailsOf(view, this.state.next?.what));
    this.history.measure();
  }
}
