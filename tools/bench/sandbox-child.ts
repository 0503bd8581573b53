// The WorldFirst sandbox in a process of its own.
import { type Hold, type Sandbox, startSandbox } from 'worldfirst-refunds/testing';
import { serve } from '../harness/child.js';
import type { BenchRefund } from './callers.js';

let sandbox: Sandbox | undefined;
const holds = new Map<string, Hold>();

const calls = {
  /** Starts the sandbox; resolves to the variables that connect a client to it. */
  async start(): Promise<Record<string, string>> {
    sandbox = await startSandbox();
    return { ...sandbox.env };
  },

  /** How many different refunds have been sent until now. */
  sent(): number {
    return new Set(
      sandbox?.journal.entries.flatMap(({ api, id }) => (api === 'applyRefund' && id ? [id] : [])),
    ).size;
  },

  /** When the calls came, without so many of the first ones; milliseconds since 1970. */
  callTimes(without: number): number[] {
    return sandbox?.journal.entries.slice(without).map(({ at }) => Date.parse(at)) ?? [];
  },

  /** How often WorldFirst was called for each of these refunds. */
  calls(refunds: BenchRefund[]): number[] {
    const counts = new Map(refunds.map(({ tradeId }) => [tradeId, 0]));
    const tradeOf = new Map(refunds.map(({ refundRequestId, tradeId }) => [refundRequestId, tradeId]));
    for (const { reference, id } of sandbox?.journal.entries ?? []) {
      const trade = reference ?? tradeOf.get(id ?? '') ?? '';
      const count = counts.get(trade);
      if (count !== undefined) counts.set(trade, count + 1);
    }
    return [...counts.values()];
  },

  /** Holds the answer to the first sending under an id, after its effect. */
  hold(id: string): void {
    if (sandbox) holds.set(id, sandbox.hold({ api: 'applyRefund', id }, 'after'));
  },

  /** Resolves as soon as the answer is held. */
  held: (id: string) => holds.get(id)?.arrived,

  /** Lets the answer go. */
  release: (id: string) => holds.get(id)?.release(),

  /** How often a refund of this trade was sent, and how often its money moved. */
  books(tradeId: string): { sends: number; moved: number } {
    const sends = sandbox?.journal.sends().filter(({ reference }) => reference === tradeId) ?? [];
    return { sends: sends.length, moved: sandbox?.journal.moved(tradeId).length ?? 0 };
  },
};

/** What the process serves. */
export type SandboxCalls = typeof calls;

serve(calls);
