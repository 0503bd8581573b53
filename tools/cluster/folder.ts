import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'temporal-cluster-';

/** Makes the folder of one cluster, on a disk, and removes those of processes that were killed. */
export async function makeFolder(): Promise<string> {
  const parent = await folderOnDisk();
  await removeAbandoned(parent);
  return mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
}

/** `/tmp` is in memory on many systems, where fsync costs nothing; `/var/tmp` is not. */
async function folderOnDisk(): Promise<string> {
  return stat('/var/tmp').then(
    () => '/var/tmp',
    () => tmpdir(),
  );
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = Number(name.startsWith(PREFIX) && name.slice(PREFIX.length).split('-')[0]);
    if (!owner || isThere(owner)) continue;
    // That of another user stays.
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
