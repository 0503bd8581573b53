import type { Progress } from '../../harness/progress.js';
import type { BenchContext, Server } from '../context.js';
import { type Contender, openContenders, PEER_DATABASES } from './contenders.js';
import { openDatabases } from './databases.js';
import type { SceneOutcome, SceneResult } from './results.js';
import { SCENES, type Scene } from './scenes.js';

/** Plays scenes with all contenders at the same time; each one has its own workers. */
export async function playScenes(
  context: BenchContext,
  server: Server,
  progress: Progress,
  scenes: readonly Scene[] = SCENES,
): Promise<SceneResult[]> {
  const databases = await openDatabases(context, server, PEER_DATABASES);
  const contenders = await openContenders(context, server, databases);
  const { child: sandbox } = await context.sandbox();
  const play = async (contender: Contender) => {
    const outcomes: SceneOutcome[] = [];
    for (const scene of scenes) {
      progress.step(`${contender.name}: ${scene.name}`);
      const { tradeId, did } = await scene.play({ contender, sandbox });
      outcomes.push({ contender: contender.name, did, ...(await sandbox.call('books', tradeId)) });
    }
    return outcomes;
  };
  const all = await Promise.all(contenders.map(play));
  return scenes.map(({ name }, index) => ({
    scene: name,
    outcomes: all.flatMap((outcomes) => outcomes[index] ?? []),
  }));
}
