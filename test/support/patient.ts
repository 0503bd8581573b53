import { afterAll } from 'vitest';
import type { RefundView } from '../../client/index.js';
import type { TestEnvironmentOptions } from '../../testing/index.js';
import type { WorldFirstClient } from '../../worldfirst/index.js';
import { type Environment, useRefunds, worldFirstOf } from './environment.js';
import { lateGateway } from './gateway.js';

/**
 * Like {@link useRefunds}, for tests that meet a refund while it calls: a call waits half a minute, so that it can be held
 * for as long as a test needs, and passes the task queue, for messages are not read during a local activity.
 */
export function usePatientRefunds(options: TestEnvironmentOptions['worker'] = {}): Environment {
  let client: WorldFirstClient | undefined;
  const worldfirst = () => {
    client ??= worldFirstOf(refunds.sandbox, 30_000);
    return client;
  };
  const refunds = useRefunds({
    worldfirst: lateGateway(worldfirst),
    localActivitiesDisabled: true,
    ...options,
  });
  afterAll(() => client?.close());
  return refunds;
}

/** Whether a refund waits: for its next step, for a person, or for nothing any more. */
export function rests({ inquiries, attention, outcome }: RefundView): boolean {
  return inquiries.nextAt !== undefined || attention !== undefined || outcome !== undefined;
}

/** What happened, without the words. */
export function eventsOf({ timeline }: RefundView): string[] {
  return timeline.map(({ event }) => event);
}

/** The last line of the timeline about such an event. */
export function lastOf({ timeline }: RefundView, event: string): { text: string; by?: string } | undefined {
  return timeline.findLast((entry) => entry.event === event);
}
