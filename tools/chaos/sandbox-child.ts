// WorldFirst's sandbox in a process of its own, with faults by seed and with a state that outlives the process.
import { type Hold, type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
import { serve } from '../harness/child.js';

/** The first sending of a refund, which the sandbox holds before or after its effect. */
export interface HeldSending {
  api: 'applyRefund' | 'refund';
  id: string;
  phase: 'before' | 'after';
}

let sandbox: Sandbox;
const holds = new Map<string, Hold>();
const arrived: string[] = [];

const calls = {
  /** Starts the sandbox; resolves to its address and the variables that connect a client to it. */
  async start(options: SandboxOptions, held: readonly HeldSending[]) {
    sandbox = await startSandbox(options);
    for (const { api, id, phase } of held) {
      const hold = sandbox.hold({ api, id }, phase);
      holds.set(id, hold);
      hold.arrived.then(() => arrived.push(id));
    }
    return { url: sandbox.url, env: { ...sandbox.env } };
  },

  /** The request ids whose sending has been held since the last call. */
  arrived(): string[] {
    return arrived.splice(0);
  },

  /** Releases a held sending. */
  release(id: string): void {
    holds.get(id)?.release();
  },

  /** How often the money of a trade or payment has moved. */
  moved(reference: string): number {
    return sandbox.journal.moved(reference).length;
  },
};

/** What the process serves. */
export type SandboxCalls = typeof calls;

serve(calls);
