import type { WorkerOptions } from '@temporalio/worker';
import type { WayName } from './ways.js';

/** One thing to measure: which workflow, which worker, how it is started. */
export interface Variant {
  name: string;
  /** What its numbers are compared with, besides plain. */
  against?: string;
  /** What is switched off, or on, in a sentence. */
  what: string;
  workflow: 'plain' | 'ours';
  way: WayName;
  /** Interceptor modules that change the workflow; in `levers/`. */
  levers?: readonly string[];
  /** More options of the worker. */
  worker?: Partial<WorkerOptions>;
  /** Whether WorldFirst keeps connections; true when absent. */
  keepAlive?: boolean;
  /** Where the client is in the worker's process. */
  inWorker?: StartInWorker;
  /** Measured in every scenario, not only where refunds just work. */
  everywhere?: boolean;
}

/** How a client in the worker's process starts refunds: over a connection of its own, or over the worker's, eagerly or not. */
export type StartInWorker = 'own connection' | 'eager' | 'not eager';

/** The two in one process, as a small application has them. */
export const PLAIN_IN_ONE = 'plain, in one process';
export const OURS_IN_ONE = 'ours, in one process';

const OURS = { workflow: 'ours', against: 'ours, another allowed' } as const;
const ALLOWED = { ...OURS, way: 'start, allowing another' } as const;

/** Everything that is measured. A lever is off where the code has it, and on where the code does not. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'plain',
    what: 'a workflow of three activities and durable sleeps, written by hand',
    workflow: 'plain',
    way: 'plain',
    everywhere: true,
  },
  {
    name: 'ours',
    what: 'createRefundWorker, RefundClient.start and result',
    workflow: 'ours',
    way: 'start',
    everywhere: true,
  },
  {
    name: 'plain, with local reads',
    what: "plain's questions as local activities: what the SDK itself allows for",
    workflow: 'plain',
    way: 'plain',
    levers: ['levers/local-reads.ts'],
  },
  {
    name: PLAIN_IN_ONE,
    what: 'the same, with the client in the process of the worker',
    workflow: 'plain',
    way: 'plain',
    inWorker: 'own connection',
  },
  {
    name: OURS_IN_ONE,
    against: PLAIN_IN_ONE,
    what: 'the client shares the connection of the worker, and starts eagerly',
    workflow: 'ours',
    way: 'start',
    inWorker: 'eager',
  },
  {
    ...ALLOWED,
    name: 'ours, another allowed',
    against: 'ours',
    what: 'without the look for another refund of the order',
  },
  {
    ...ALLOWED,
    name: 'local reads off',
    what: 'every question is an activity of its own',
    levers: ['levers/no-local-activities.ts'],
  },
  {
    ...ALLOWED,
    name: 'folded upserts off',
    what: 'the search attributes are set before each call',
    levers: ['levers/upsert-before-calls.ts'],
  },
  {
    ...ALLOWED,
    name: 'poller autoscaling off',
    what: 'a fixed number of pollers',
    worker: {
      workflowTaskPollerBehavior: { type: 'simple-maximum' },
      activityTaskPollerBehavior: { type: 'simple-maximum' },
    },
  },
  {
    ...ALLOWED,
    name: 'keep-alive off',
    what: 'a new connection to WorldFirst for each call',
    keepAlive: false,
  },
  {
    ...ALLOWED,
    name: 'eager activities off',
    what: 'no activity starts with the workflow task that asks for it',
    worker: { maxEagerActivityReservationsPerWorkflowTask: 0 },
  },
  {
    ...ALLOWED,
    name: 'client in the worker',
    what: "started in the worker's process, over its connection",
    inWorker: 'not eager',
  },
  {
    ...ALLOWED,
    name: 'eager start on',
    against: 'client in the worker',
    what: 'the same, and the first workflow task comes back with the start',
    inWorker: 'eager',
  },
  {
    ...OURS,
    name: 'update-with-start on',
    what: 'startAndWait for the first answer',
    way: 'startAndWait for the answer',
  },
  {
    ...OURS,
    name: 'update-with-start off',
    against: 'update-with-start on',
    what: 'start, then show again and again until there is an answer',
    way: 'start and poll',
  },
];
