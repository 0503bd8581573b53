import type { Actions } from './actions.js';

/** Of many latencies, in milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
}

/** What one round of one variant brought. */
export interface Round {
  perSecond: number;
  /** Processor time per refund, in milliseconds. */
  workerCpu: number;
  /** Absent where the system does not tell. */
  serverCpu?: number;
  /** From the caller's call to the end of the sending activity. */
  firstAnswer: Latency;
  /** From the caller's call until the caller has what it waits for. */
  told: Latency;
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

/** All rounds of one variant in one scenario. */
interface Measured {
  variant: string;
  rounds: Round[];
}

/** The API client on its own against the same done by hand; milliseconds per call. */
export interface ApiClientRound {
  concurrency: number;
  ours: { wall: number; cpu: number };
  byHand: { wall: number; cpu: number };
}

/** What the API client's calls cost, and how much of it nobody can save. */
export interface ApiClientResult {
  rounds: ApiClientRound[];
  /** One signature and one verification, in milliseconds. */
  rsa: { sign: number; verify: number };
  /** The same by OpenSSL; absent where there is none. */
  openssl?: { sign: number; verify: number };
}

/** Milliseconds until a worker is made in a fresh process, by how it gets its workflows. */
export interface StartUpResult {
  prebuilt: number[];
  bundled: number[];
}

/** One worker with so many refunds that wait. */
export interface ScaleLevel {
  waiting: number;
  /** Bytes per waiting refund. */
  serverMemory?: number;
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
  machine: { cores: number; system: string; node: string; temporal: string };
  settings: { rounds: number; refunds: number; concurrency: number; delay: number; smoke: boolean };
  scenarios: { scenario: string; measured: Measured[] }[];
  apiClient?: ApiClientResult;
  startUp?: StartUpResult;
  scale?: ScaleLevel[];
}
