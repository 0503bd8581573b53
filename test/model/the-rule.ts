import { RawValue } from '@temporalio/common';
import { ATTENTION } from '../../rules/attention.js';
import { DECISIONS } from '../../rules/decision.js';
import type { RefundOutcome } from '../../rules/outcome.js';
import type { RefundView } from '../../rules/view.js';
import { anas, DECISION_NAMES } from '../rules/fixtures.js';
import { isSignedNo } from './answers.js';
import { must } from './check.js';
import type { Story, Watcher } from './story.js';

const ENDED = ['succeeded', 'accepted', 'failed', 'cancelled'];
const DECISION_PAYLOADS = DECISION_NAMES.map((name) => [name, new RawValue(anas(name))] as const);

/** Watches that a refund keeps the rule, whatever happens. */
export class TheRule implements Watcher {
  #end: string | undefined;
  #told: string | undefined;

  sent({ isToStop }: Story): void {
    must(!isToStop, 'nothing is sent once somebody has asked to stop');
  }

  newId({ worldfirst, reports, isInDoubt, newIdIsAskedFor }: Story): void {
    const read = reports.filter((report) => report?.kind !== 'notSent');
    must(newIdIsAskedFor, 'a new id is used only when a person asks for it');
    must(read.length > 0, 'a new id is used only when the last one was used');
    must(!isInDoubt, 'a new id is used only when no inquiry showed anything under the last one');
    for (const report of read) {
      must(
        report && isSignedNo(report),
        'a new id is used only when each sending under the last one got a signed no',
      );
    }
    if (worldfirst.refusalsAreLies) return;
    must(!worldfirst.mayHaveMoved, 'a new id is used only when no money can move under those before');
  }

  told({ view }: Story, { data }: { data: { attention: { reason: string } } }): void {
    must(view.attention?.reason === data.attention.reason, 'the outside is told what a person is needed for');
    this.#told = data.attention.reason;
  }

  moved(story: Story, view: RefundView): void {
    const { worldfirst, alone, isKnownTaken, execution, call } = story;
    must(!execution.end || 'returned' in execution.end, 'a refund never fails');
    for (const { bodies } of worldfirst.ids.values()) must(bodies.size === 1, 'one id has one body');
    moneyMovesOnce(story);
    // An acceptance is inquired about at once, in passing and perhaps once more, then 7 times, then daily 11 times.
    must(alone.inquiries <= (isKnownTaken ? 20 : 7), 'there are at most seven inquiries without a person');
    must(alone.sendings <= 8, 'there is at most one sending, and one for each inquiry');
    const isOver = view.attention || view.outcome;
    must(!isOver || !call || call.name === 'queryTradeOrder', 'nothing is done once a person is needed');
    whatIsShownIsSo(story, view);
    whatIsSaidIsTrue(story, view);
    this.#endIsFinal(story, view);
  }

  atRest(story: Story): void {
    const { execution, worldfirst, setting, view } = story;
    worldfirst.findsWhatWasLost();
    moneyMovesOnce(story);
    must(view.outcome || view.attention, 'a refund goes on until it has ended or needs a person');
    must(execution.updates === 0, 'every update is answered');
    if (!view.attention) return;
    if (setting.tells) must(this.#told === view.attention.reason, 'the outside is told of each reason');
    for (const [name, payload] of DECISION_PAYLOADS) {
      const isOffered = view.attention.decisions.includes(name);
      must(
        execution.accepts('decide', payload) === isOffered,
        `what is offered applies, and nothing else: ${name}`,
      );
    }
  }

  #endIsFinal({ execution, call, timer }: Story, { outcome }: RefundView): void {
    const end = outcome && JSON.stringify(outcome);
    if (this.#end !== undefined) must(end === this.#end, 'an end is final');
    this.#end = end;
    if (!outcome) return;
    must(!timer, 'nothing happens after the end');
    if (!call) {
      must(
        execution.end && JSON.stringify(Object.values(execution.end)[0]) === end,
        'the end is what is returned',
      );
    }
  }
}

/** A person who asks for a new id relies on WorldFirst's signed no; if that was a lie, the money moves again. */
function moneyMovesOnce({ worldfirst, newIds }: Story): void {
  const most = worldfirst.refusalsAreLies ? 1 + newIds : 1;
  must(worldfirst.refunds <= most, 'money moves at most once');
}

function whatIsShownIsSo({ execution, call, timer, request }: Story, view: RefundView): void {
  const { status, attention, outcome, inquiries } = view;
  must(!(attention && outcome), 'a refund that has ended needs nobody');
  must(
    (status === 'needs-attention') === (attention !== undefined),
    'the status says whether a person is needed',
  );
  must(ENDED.includes(status) === (outcome !== undefined), 'the status says whether the refund has ended');
  must(!outcome || outcome.status === status, 'the status says how the refund has ended');
  must((inquiries.nextAt !== undefined) === (timer !== undefined), 'a next step is shown while there is one');
  if (attention) {
    must(attention.reason in ATTENTION, 'a person is told why');
    must(attention.decisions.length > 0, 'a person can decide something');
  }
  const { details } = execution;
  must(details.startsWith(`# ${status}\n`), 'the page shows the status');
  for (const name of DECISION_NAMES) {
    const isOffered = attention?.decisions.includes(name) ?? false;
    must(details.includes(DECISIONS[name].effect) === isOffered, 'the page shows the decisions that apply');
  }
  if (call) return;
  const shown = Object.fromEntries(execution.searchAttributes);
  must(shown.RefundStatus === (status === 'preparing' ? 'unknown' : status), 'the list shows the status');
  must(shown.RefundAttention === attention?.reason, 'the list shows what a person is needed for');
  must(shown.RefundProduct === request.product, 'the list shows the product');
  must(shown.RefundReference === view.reference, 'the list shows the order or payment');
  const next = status === 'processing' ? inquiries.nextAt : undefined;
  must(
    (shown.RefundNextCheckAt as Date | undefined)?.toISOString() === next,
    'the list shows the next settlement check',
  );
  must(
    execution.memo.nextCheckAt === (next ? undefined : inquiries.nextAt),
    'the memo shows every other check',
  );
}

/** What a refund says of its money, against WorldFirst's own books. */
function whatIsSaidIsTrue(
  { worldfirst, wasRead, isInDoubt, isKnownTaken }: Story,
  { status, outcome, providerRequestId }: RefundView,
): void {
  if (worldfirst.refusalsAreLies) return;
  if (status === 'preparing') must(!worldfirst.mayHaveMoved, 'preparing: no money can move');
  if (status === 'processing') must(isKnownTaken, 'processing: WorldFirst said that it took the refund');
  if (outcome) must(isTrue(outcome), `${status}: it is so`);

  function isTrue(outcome: RefundOutcome): boolean {
    const fortune = worldfirst.fortuneOf(providerRequestId);
    switch (outcome.status) {
      case 'succeeded':
        if (outcome.confirmedBy === 'operator') return outcome.evidence !== undefined;
        if (outcome.confirmedBy === 'inquiry') return fortune === 'settled';
        return worldfirst.closed === 'Y' && isInDoubt;
      case 'failed':
        return outcome.code === 'CLOSED_BY_OPERATOR'
          ? outcome.evidence !== undefined
          : !worldfirst.mayHaveMoved;
      case 'accepted':
        return fortune !== 'none';
      case 'cancelled':
        return !wasRead && !worldfirst.mayHaveMoved;
    }
  }
}
