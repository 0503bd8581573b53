// WorldFirst in a process of its own.
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { type Sandbox, startSandbox } from 'worldfirst-refunds/testing';
import { serve } from '../harness/child.js';

let sandbox: Sandbox | undefined;

const calls = {
  /** Starts it, and resolves to the variables that a client needs. */
  async start({ delay, keepAlive }: { delay: number; keepAlive: boolean }): Promise<Record<string, string>> {
    if (!keepAlive) subscribe('http.server.request.start', closeAfterAnswer);
    sandbox = await startSandbox({ delay });
    return { ...sandbox.env };
  },

  /** How many refunds WorldFirst was asked for until now. */
  asked(): number {
    return new Set(
      sandbox?.journal.entries.flatMap(({ api, id }) => (api === 'applyRefund' && id ? [id] : [])),
    ).size;
  },

  /** How often WorldFirst was called for each of these refunds. */
  calls(refunds: { refundRequestId: string; tradeId: string }[]): number[] {
    const counts = new Map(refunds.map(({ tradeId }) => [tradeId, 0]));
    const tradeOf = new Map(refunds.map(({ refundRequestId, tradeId }) => [refundRequestId, tradeId]));
    for (const { reference, id } of sandbox?.journal.entries ?? []) {
      const trade = reference ?? tradeOf.get(id ?? '') ?? '';
      const count = counts.get(trade);
      if (count !== undefined) counts.set(trade, count + 1);
    }
    return [...counts.values()];
  },
};

/** What the process serves. */
export type SandboxCalls = typeof calls;

// A server that answers "Connection: close" makes its client connect anew for each call.
function closeAfterAnswer(message: unknown): void {
  (message as { response: ServerResponse }).response.setHeader('Connection', 'close');
}

serve(calls);
