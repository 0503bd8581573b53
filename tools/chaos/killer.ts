import { setTimeout as sleep } from 'node:timers/promises';
import { workflowIdOf } from 'worldfirst-refunds';
import { randomNumbers } from '../../testing/sandbox/seeded-random.js';
import type { Kills, Settings } from './settings.js';
import { type Stage, WORKERS } from './stage.js';

/** A process that is killed just before the refund of this number is started. */
export interface PlannedKill {
  before: number;
  kind: Exclude<keyof Kills, 'sending'>;
  which: number;
}

/** All kills of a run but those of held sendings: one at a moment of its own in each of equal parts. */
export function plannedKills({ seed, refunds, kills }: Settings): PlannedKill[] {
  return (['worker', 'server', 'sandbox'] as const)
    .flatMap((kind) =>
      Array.from({ length: kills[kind] }, (_, index) => {
        const [when = 0, which = 0] = randomNumbers(seed, 'kill', kind, index);
        const before = Math.floor(((index + when) * refunds) / kills[kind]);
        return { before, kind, which: Math.floor(which * WORKERS) };
      }),
    )
    .sort((a, b) => a.before - b.before);
}

const LOOK_AGAIN_MS = 50;
const GIVE_UP_EVERY_MS = 2_000;
// temporal.api.enums.v1.PendingActivityState
const STARTED = 2;

/** Kills processes. */
export class Killer {
  readonly counts: Kills = { sending: 0, worker: 0, server: 0, sandbox: 0 };
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  #last: Promise<void> = Promise.resolve();

  /** @param signal ends it */
  constructor(stage: Stage, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
  }

  /** Kills a process when those before it are back. */
  kill({ kind, which }: PlannedKill): void {
    this.#last = this.#last.then(async () => {
      if (this.#signal.aborted) return;
      this.counts[kind] += 1;
      if (kind === 'server') await this.#stage.killServer();
      else if (kind === 'sandbox') await this.#stage.sandbox.kill();
      else await this.#stage.killWorker(which);
      await this.#stage.complete();
    });
  }

  /** Waits until all that was killed is back. */
  done(): Promise<void> {
    return this.#last;
  }

  /** Kills the worker of each sending that WorldFirst holds, in the moment that it is held; until the run is over. */
  async killSenders(): Promise<void> {
    while (!this.#signal.aborted) {
      const ids = await this.#stage.arrived().catch(() => []);
      await Promise.all(ids.map((id) => this.#killSender(id)));
      await this.#pause(LOOK_AGAIN_MS);
    }
  }

  async #killSender(id: string): Promise<void> {
    this.counts.sending += 1;
    // Where the server is not there to be asked, nobody is killed; the answer is late, and that is all.
    await this.#stage.killSender(workflowIdOf(id)).catch(() => {
      this.counts.sending -= 1;
    });
    await this.#stage.release(id).catch(() => {});
  }

  /** Gives up the activities of workers that are gone, for who cannot wait a minute; until the run is over. */
  async hurry(underWay: () => Iterable<string>): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#pause(GIVE_UP_EVERY_MS);
      await Promise.all([...underWay()].map((id) => this.#giveUp(workflowIdOf(id)).catch(() => {})));
    }
  }

  async #giveUp(workflowId: string): Promise<void> {
    if (this.#stage.killed.size === 0) return;
    const { client, killed } = this.#stage;
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const { activityId, state, lastWorkerIdentity } of raw.pendingActivities ?? []) {
      if (state !== STARTED || !killed.has(lastWorkerIdentity ?? '')) continue;
      await client.workflowService.updateActivityOptions({
        namespace: client.options.namespace,
        execution: { workflowId },
        id: activityId ?? null,
        activityOptions: { startToCloseTimeout: { seconds: 1 as never } },
        updateMask: { paths: ['start_to_close_timeout'] },
      });
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.#signal }).catch(() => {});
  }
}
