import type { Progress } from '../harness/progress.js';
import { freshPrefix } from './measure.js';
import type { StartUpResult } from './results.js';
import type { Settings } from './settings.js';
import { OUR_WORKFLOWS, type Server, type Surroundings } from './surroundings.js';

/** Measures how long a worker is made in a fresh process: with the bundle that comes with it, and without. */
export async function measureStartUp(
  surroundings: Surroundings,
  { address }: Server,
  { rounds }: Pick<Settings, 'rounds'>,
  progress: Progress,
): Promise<StartUpResult> {
  const { env } = await surroundings.sandbox();
  const result: StartUpResult = { prebuilt: [], bundled: [] };
  const kinds = ['prebuilt', 'bundled'] as const;
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      progress.step(`start-up, ${kind}: round ${round + 1} of ${rounds}`);
      const worker = await surroundings.workerProcess();
      const workflows = kind === 'bundled' ? { workflows: { workflowsPath: OUR_WORKFLOWS } } : {};
      const setup = { address, taskQueue: freshPrefix(), env, workflow: 'ours' as const, ...workflows };
      result[kind].push(await worker.ask('start', setup));
      await worker.ask('stop');
      await worker.end();
    }
  }
  return result;
}
