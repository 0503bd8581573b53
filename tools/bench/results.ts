import type { Actions } from './actions.js';
import type { PeersMeasured, SceneResult } from './comparison/results.js';
import type { Server } from './context.js';
import type { Cpu } from './cpu.js';
import type { BenchOptions } from './options.js';
import type { ScaleOutMeasured } from './scale-out/results.js';
import type { Quantiles } from './statistics.js';

/** What one round of one variant brought. */
export interface Round {
  perSecond: number;
  /** Per refund. */
  cpu: Cpu;
  /** From the caller's call until the end of the refund is known to it, in milliseconds. */
  latency: Quantiles;
  /** From the caller's call to the end of the sending activity, in milliseconds, with a tenth of the load. */
  firstAnswer: Quantiles;
  /** Of each refund. */
  counts: Counts[];
}

/** What one refund took. */
export interface Counts {
  events: number;
  bytes: number;
  actions: Actions;
  /** How often WorldFirst was called. */
  calls: number;
}

/** All rounds of one scenario, by variant. */
interface MeasuredScenario {
  scenario: string;
  measured: { variant: string; rounds: Round[] }[];
}

/** The API client on its own against the same call by hand; milliseconds per call. */
export interface ApiClientRound {
  concurrency: number;
  ours: { wall: number; cpu: number };
  byHand: { wall: number; cpu: number };
}

/** Replays of a refund that just works, of one variant. */
export interface MeasuredReplays {
  variant: string;
  /** Milliseconds of processor time per replay, turn by turn. */
  cpu: number[];
}

/** One worker with so many refunds that wait. */
export interface ScaleLevel {
  waiting: number;
  /** Bytes per waiting refund; absent where the system does not show it. */
  serverMemory?: number;
  /** Bytes in PostgreSQL per waiting refund, packed; absent where the data is elsewhere. */
  databaseBytes?: number;
  /** Bytes. */
  workerMemory: number;
  /** From the start of a fresh worker's process to its first answer, in milliseconds. */
  startUp: number;
  /** New refunds per second, beside the waiting ones and on an empty server, round by round. */
  beside: number[];
  empty: number[];
}

/** Everything that one run of the bench has measured. */
export interface Results {
  machine: { cores: number; system: string; node: string; temporal: string; server: Server['kind'] };
  options: BenchOptions;
  scenarios: MeasuredScenario[];
  replays?: MeasuredReplays[];
  apiClient?: ApiClientRound[];
  scale?: ScaleLevel[];
  scaleOut?: ScaleOutMeasured;
  peers?: PeersMeasured;
  scenes?: SceneResult[];
}
