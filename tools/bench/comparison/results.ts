import type { Cpu } from '../cpu.js';
import type { Quantiles } from '../statistics.js';

/** One turn of a contender: so many refunds, so many of them at a time. */
export interface PeerTurn {
  concurrency: number;
  perSecond: number;
  /** Per refund. */
  cpu: Cpu;
  /** From the caller's call until the end of the refund is known to it, in milliseconds. */
  latency: Quantiles;
}

/** What was measured of one contender. */
export interface MeasuredPeer {
  name: string;
  turns: PeerTurn[];
  /** Of a refund that waits for its first inquiry, in PostgreSQL; absent where its data is elsewhere. */
  waitingBytes?: number;
  /** What one refund commits in PostgreSQL, reads as well; absent where it was not measured. */
  transactions?: number;
}

/** All contenders in one run. */
export interface PeersMeasured {
  /** At the begin and at the end, of the whole machine: the load of a minute. */
  load: [number, number];
  peers: MeasuredPeer[];
}

/** What one contender did in one scene. */
export interface SceneOutcome {
  contender: string;
  /** In its own words. */
  did: string;
  /** By the sandbox's journal. */
  sends: number;
  moved: number;
}

/** What all contenders did in one scene. */
export interface SceneResult {
  scene: string;
  outcomes: SceneOutcome[];
}
