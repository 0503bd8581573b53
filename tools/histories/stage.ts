import type proto from '@temporalio/proto';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { startLocalRefunds } from 'worldfirst-refunds/testing';
import { createRefundWorker, readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { Actor } from './actor.js';
import { type Kind, requestOf } from './kinds.js';
import { WORKERS, type WorkerName } from './workers.js';

/** A Temporal server that skips time, a WorldFirst sandbox, and the workers. */
export interface Stage {
  /** Runs a refund of this kind, and returns its history. */
  run(kind: Kind): Promise<proto.temporal.api.history.v1.IHistory>;
  close(): Promise<void>;
}

// Low enough to be reached, and more events than any other kind of refund has.
const CONTINUE_AS_NEW_AFTER = {
  'limit.historyCount.suggestContinueAsNew': 400,
  'history.continueAsNewMinInterval': '0s',
};

const taskQueueOf = (name: WorkerName) => `histories: ${name}`;

/** Starts everything; `close` ends it. */
export async function openStage(): Promise<Stage> {
  const temporalOptions = { timeSkipping: true, dynamicConfig: CONTINUE_AS_NEW_AFTER };
  const local = await startLocalRefunds({ temporal: temporalOptions });
  const { client, sandbox, temporal } = local;
  const connection = await NativeConnection.connect({ address: temporal.address });
  const worldfirst = new WorldFirstClient({ ...readWorkerConfig(sandbox.env).worldfirst, timeout: 2_000 });
  const workers = await Promise.all(
    (Object.keys(WORKERS) as WorkerName[]).map((name) =>
      createRefundWorker({
        connection,
        taskQueue: taskQueueOf(name),
        shutdownGraceTime: '1 second',
        ...WORKERS[name](worldfirst),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());

  return {
    async run(kind) {
      const taskQueue = taskQueueOf(kind.worker ?? 'plain');
      const actor = new Actor({ client, sandbox, taskQueue }, requestOf(kind), kind.options ?? {});
      await (kind.play ?? ((refund: Actor) => refund.runUntilIdle()))(actor);
      const run = kind.run === 'first' ? await actor.firstRunId() : undefined;
      return await client.workflow.getHandle(actor.workflowId, run).fetchHistory();
    },
    async close() {
      for (const worker of workers) stop(worker);
      await Promise.all(running);
      await connection.close();
      worldfirst.close();
      await local.stop();
    },
  };
}

function stop(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
