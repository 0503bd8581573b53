import type { DecisionName } from 'worldfirst-refunds';
import type { Actor } from './actor.js';

/** What people and WorldFirst do to a refund. */
export type Play = (refund: Actor) => Promise<void>;

/** It comes to need a person, who decides; perhaps more than once. */
export function decided(...decisions: DecisionName[]): Play {
  return async (refund) => {
    await refund.run();
    for (const decision of decisions) await refund.decide(decision);
  };
}

/** Something happens in its first wait. */
export function whileItWaits(play: Play): Play {
  return async (refund) => {
    await refund.begin();
    await play(refund);
    await refund.goesOn();
  };
}

/** Anybody starts it, with these arguments or with its request. */
export function byHand(args?: unknown[]): Play {
  return async (refund) => {
    await refund.startByHand(args);
    await refund.closes();
  };
}

/** Nobody decides, and the time for a reminder passes. */
export async function reminded(refund: Actor): Promise<void> {
  await refund.run();
  await refund.allTimePasses();
}

/** WorldFirst does not tell the order for a day. */
export async function unreachable(refund: Actor): Promise<void> {
  await refund.runForADay();
  await refund.decide('mark-failed');
}

/** The first request is lost, and its repeat is refused. */
export async function refusedAfterUnknown(refund: Actor): Promise<void> {
  const where = { api: 'refund', id: refund.id } as const;
  refund.sandbox.when(where, { fault: 'dropped', phase: 'before' });
  refund.sandbox.when(where, { code: 'PROCESS_FAIL', phase: 'before' });
  await refund.run();
  await refund.decide('inquire-again');
}

/** It gets so many messages that it goes on in another run. */
export async function flooded(refund: Actor): Promise<void> {
  const run = await refund.runId();
  while ((await refund.runId()) === run) await refund.signal('escalate', 'what?');
}

/** It is cancelled while WorldFirst does not tell the order. */
export async function cancelledEarly(refund: Actor): Promise<void> {
  await refund.beginInVain();
  await refund.cancel();
}
