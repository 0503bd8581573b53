import { setTimeout as sleep } from 'node:timers/promises';
import { workflowIdOf } from 'worldfirst-refunds';
import { randomNumbers } from '../../testing/sandbox/seeded-random.js';
import { type ChaosOptions, type Kills, NO_KILLS } from './options.js';
import { type Stage, WORKERS } from './stage.js';

/** A process that is killed just before the refund of this number is started. */
export interface PlannedKill {
  before: number;
  kind: keyof typeof KILLS;
  which: number;
}

const AWAY_MS = 300_000;
const FROZEN_MS = 90_000;

/** How each kind of process is killed. */
const KILLS = {
  worker: (stage: Stage, which: number) => stage.killWorker(which),
  sandbox: (stage: Stage) => stage.sandbox.kill(),
  server: (stage: Stage, which: number) => stage.server.kill('server', which),
  frontend: (stage: Stage, which: number) => stage.server.kill('frontend', which),
  history: (stage: Stage, which: number) => stage.server.kill('history', which),
  matching: (stage: Stage, which: number) => stage.server.kill('matching', which),
  database: (stage: Stage, which: number) => stage.server.kill('database', which),
  away: (stage: Stage, which: number) => Promise.all([stage.server.away(AWAY_MS), stage.killWorker(which)]),
};

/** All kills of a run except those of held sendings: one in each of equal parts of the run, at a random moment. */
export function plannedKills({ seed, refunds, kills }: ChaosOptions): PlannedKill[] {
  return (Object.keys(KILLS) as (keyof typeof KILLS)[])
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
const TIME_OUT_EVERY_MS = 2_000;
// temporal.api.enums.v1.PendingActivityState
const STARTED = 2;

/** Kills processes, one after the other. */
export class Killer {
  readonly counts: Kills = { ...NO_KILLS };
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  readonly #frozen: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();

  /** @param signal ends it */
  constructor(stage: Stage, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
  }

  /** Kills a process when those killed before have been started again. */
  kill({ kind, which }: PlannedKill): void {
    this.#last = this.#last.then(async () => {
      if (this.#signal.aborted) return;
      this.counts[kind] += 1;
      await KILLS[kind](this.#stage, which);
      await this.#stage.complete();
    });
  }

  /** Waits until everything that was killed or frozen runs again. */
  async done(): Promise<void> {
    await this.#last;
    await Promise.all(this.#frozen);
  }

  /**
   * Kills or freezes the worker of each sending as soon as the sandbox holds it; until the run is over.
   * @param freezes whether the worker of this refund's sending is frozen
   */
  async killSenders(freezes: (id: string) => boolean): Promise<void> {
    while (!this.#signal.aborted) {
      const ids = await this.#stage.arrived().catch(() => []);
      await Promise.all(ids.map((id) => (freezes(id) ? this.#freezeSender(id) : this.#killSender(id))));
      await this.#pause(LOOK_AGAIN_MS);
    }
  }

  async #freezeSender(id: string): Promise<void> {
    const senders = await this.#stage.sendersOf(workflowIdOf(id)).catch(() => []);
    this.counts.frozen += senders.length;
    this.#frozen.push(...senders.map((index) => this.#stage.freezeWorker(index, FROZEN_MS)));
    // The worker reads WorldFirst's response only after Temporal has timed out its activity.
    await this.#stage.release(id).catch(() => {});
  }

  async #killSender(id: string): Promise<void> {
    this.counts.sending += 1;
    // While the server is down the worker is not known, so none is killed; the answer is only late.
    await this.#stage.killSender(workflowIdOf(id)).catch(() => {
      this.counts.sending -= 1;
    });
    await this.#stage.release(id).catch(() => {});
  }

  /** Times out the activities of killed workers after a second instead of a minute; until the run is over. */
  async hurry(running: () => Iterable<string>): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#pause(TIME_OUT_EVERY_MS);
      await Promise.all([...running()].map((id) => this.#timeOut(workflowIdOf(id)).catch(() => {})));
    }
  }

  async #timeOut(workflowId: string): Promise<void> {
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
