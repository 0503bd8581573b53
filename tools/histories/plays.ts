import type { DecisionName } from 'worldfirst-refunds';
import type { Actor } from './actor.js';

/** What operators and WorldFirst do to a refund. */
export type Play = (refund: Actor) => Promise<void>;

/** It needs an operator, who decides; once or more. */
export function decided(...decisions: DecisionName[]): Play {
  return async (refund) => {
    await refund.runUntilIdle();
    for (const decision of decisions) await refund.decide(decision);
  };
}

/** Something happens during its first wait. */
export function whileItWaits(play: Play): Play {
  return async (refund) => {
    await refund.startUntilFirstWait();
    await play(refund);
    await refund.resumeUntilIdle();
  };
}

/** It is started by Temporal's own client, with these arguments or with its request. */
export function startedDirectly(args?: unknown[]): Play {
  return async (refund) => {
    await refund.startDirectly(args);
    await refund.waitUntilEnded();
  };
}

/** It stays undecided until the reminder is due. */
export async function reminded(refund: Actor): Promise<void> {
  await refund.runUntilIdle();
  await refund.resumeUntilSettled();
}

/** WorldFirst does not answer the query of the order for a day. */
export async function unreachable(refund: Actor): Promise<void> {
  await refund.runForADay();
  await refund.decide('mark-failed');
}

/** The first request is lost, and its repeat is refused. */
export async function refusedAfterUnknown(refund: Actor): Promise<void> {
  const where = { api: 'refund', id: refund.id } as const;
  refund.sandbox.when(where, { fault: 'dropped', phase: 'before' });
  refund.sandbox.when(where, { code: 'PROCESS_FAIL', phase: 'before' });
  await refund.runUntilIdle();
  await refund.decide('inquire-again');
}

/** It receives so many messages that it continues as new. */
export async function flooded(refund: Actor): Promise<void> {
  const run = await refund.runId();
  while ((await refund.runId()) === run) await refund.signal('escalate', 'what?');
}

/** It is cancelled while WorldFirst does not answer the query of the order. */
export async function cancelledEarly(refund: Actor): Promise<void> {
  await refund.startUntilActivityFails();
  await refund.cancel();
}
