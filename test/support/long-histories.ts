import type { RefundView } from '../../client/index.js';
import type { AttentionNotice } from '../../rules/attention-notice.js';
import { type Environment, useRefunds } from './environment.js';
import { rests } from './patient.js';
import { json, signalRaw } from './raw-messages.js';
import { untilQuiet } from './workers.js';

/** After so many events, Temporal suggests that a refund goes on in another run; its own number is 4096. */
export const LONG = 60;

/** Refunds that go on in another run after a few messages, and what they tell the outside. */
export interface LongHistories {
  refunds: Environment;
  notices: AttentionNotice[];
  /** Begins a refund, and resolves once it rests. */
  resting(...start: Parameters<Environment['begin']>): Promise<string>;
  /** The run that a refund is in. */
  runOf(id: string): Promise<string>;
  /** Sends messages that mean nothing, until the refund has gone on in another run. */
  goesOn(id: string): Promise<void>;
  /** Brings a refund to the point where the next few messages let it go on in another run. */
  almostGoesOn(id: string): Promise<void>;
}

/** Like {@link useRefunds}, on a server that takes short histories for long ones. */
export function useLongHistories(): LongHistories {
  const notices: AttentionNotice[] = [];
  const refunds = useRefunds(
    { notifyAttention: async (notice) => void notices.push(notice) },
    {},
    { 'limit.historyCount.suggestContinueAsNew': LONG, 'history.continueAsNewMinInterval': '0s' },
  );
  const runOf = async (id: string) => (await refunds.refunds.getHandle(id).describe()).runId;
  const meaningless = (id: string) => signalRaw(refunds, id, 'escalate', [json('?')]);
  return {
    refunds,
    notices,
    runOf,
    async resting(request, options) {
      const id = await refunds.begin(request, options);
      await refunds.until(id, rests);
      return id;
    },
    async goesOn(id) {
      const run = await runOf(id);
      while ((await runOf(id)) === run) {
        await Promise.all(Array.from({ length: 8 }, () => meaningless(id)));
        // Temporal repeats a task that a stopping worker lost after 10 s; until then the messages would reach its limit.
        await untilQuiet(refunds, refunds.refunds.getHandle(id).workflowId);
      }
    },
    async almostGoesOn(id) {
      const handle = refunds.refunds.getHandle(id);
      while ((await handle.describe()).historyLength < LONG - 5) await meaningless(id);
      await untilQuiet(refunds, handle.workflowId);
    },
  };
}

/** All that is known of a refund, but the lines that only say what came in between, and to the moment when. */
export function known({ timeline, ...view }: RefundView) {
  return {
    ...view,
    timeline: timeline
      .filter(({ event }) => event !== 'message-dropped' && event !== 'continued')
      .map(({ event, text, by }) => ({ event, text, by })),
  };
}
