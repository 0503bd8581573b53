// Records one history of every kind of refund on a real Temporal server: `npm run histories`. They are written to
// test/histories/<version>/, where a test replays them. Those of a version that was released are never recorded anew.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { KINDS, type Kind } from './kinds.js';
import { pinned } from './pinned.js';
import { openStage } from './stage.js';

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const directory = path.join(root, 'test/histories', version);
const wanted = process.argv.slice(2);
const remaining = KINDS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

// Most of the time they wait for their server.
const AT_ONCE = 6;

const stage = await openStage();
try {
  await mkdir(directory, { recursive: true });
  await Promise.all(Array.from({ length: AT_ONCE }, recordRemaining));
} finally {
  await stage.close();
}

async function recordRemaining(): Promise<void> {
  for (let kind = remaining.shift(); kind; kind = remaining.shift()) await record(kind);
}

async function record(kind: Kind): Promise<void> {
  try {
    const history = await stage.run(kind);
    await writeFile(path.join(directory, `${kind.name}.json`), pinned(history));
    console.log(`${kind.name}: ${history.events?.length} events`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${kind.name} was not recorded:`, error);
  }
}
