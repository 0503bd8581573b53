import type { Cpu } from '../cpu.js';
import type { Quantiles } from '../statistics.js';

/** One turn of a set of workers. */
interface WorkersTurn {
  perSecond: number;
  /** Per refund. */
  cpu: Cpu;
  /** From the caller's call until the end of the refund is known to it, in milliseconds. */
  latency: Quantiles;
}

/** So many workers of one task queue, round by round. */
export interface WorkersLevel {
  name: string;
  workers: number;
  turns: WorkersTurn[];
  /** From the caller's call to the end of the sending activity, in milliseconds, with a tenth of the load. */
  firstAnswers: Quantiles[];
}

/** So many workers with one limit of calls for all of them. */
export interface LimitedLevel {
  workers: number;
  callsPerSecond: number;
  refunds: number;
  calls: number;
  seconds: number;
  /** The most calls that reached WorldFirst within any second. */
  busiest: number;
}

/** One refund while a frontend was lost. Times by one clock, in milliseconds since 1970. */
export interface RefundOfLoss {
  requestedAt: number;
  /** When `start` had returned. */
  startedAt: number;
  endedAt: number;
  status: string;
  /** What the caller saw before it called again. */
  startErrors: string[];
  resultErrors: string[];
  /** How often the money moved and how often it was sent, by the sandbox's journal. */
  moved: number;
  sends: number;
}

/** A frontend of two was killed while refunds ran. */
export interface FrontendLoss {
  killedAt: number;
  refunds: RefundOfLoss[];
}

/** What more workers and more frontends bring. */
export interface ScaleOutMeasured {
  levels: WorkersLevel[];
  limited: LimitedLevel[];
  /** Only on a cluster with two frontends. */
  losses?: FrontendLoss[];
}
