import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { filesBelow } from './files-below.js';
import { checkTemporalBinary } from './temporal-binary.js';

const APPLICATION = 'worldfirst-refunds';
const DOWNLOAD_PREFIX = 'download-';
const DAY_MS = 24 * 60 * 60 * 1000;

/** The file name of the Temporal CLI on this system. */
export const TEMPORAL_FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** The download cache that all projects of this user share. `WORLDFIRST_REFUNDS_CACHE` overrides the system's default. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.WORLDFIRST_REFUNDS_CACHE) return env.WORLDFIRST_REFUNDS_CACHE;
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, APPLICATION, 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', APPLICATION);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), APPLICATION);
}

/** The path of the cached Temporal CLI, which may not exist. */
export function cachedTemporal(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), TEMPORAL_FILE);
}

/**
 * Lets `download` fill an empty folder, and moves the Temporal CLI from there into the cache.
 * @throws when the download contains no Temporal CLI, or one that does not run
 */
export async function fillCache(
  env: NodeJS.ProcessEnv,
  download: (folder: string) => Promise<void>,
): Promise<{ path: string; version: string }> {
  const cache = cacheFolder(env);
  await mkdir(cache, { recursive: true });
  await removeAbandonedDownloads(cache);
  // In the cache folder and not in the system's temporary folder: a rename is atomic within one file system only.
  const folder = await mkdtemp(join(cache, DOWNLOAD_PREFIX));
  try {
    await download(folder);
    const fresh = await findBinary(folder);
    if (!fresh) throw new Error('the download contains no Temporal CLI');
    await chmod(fresh, 0o755);
    const check = await checkTemporalBinary(fresh);
    if (!check.usable) throw new Error(check.reason);
    const path = cachedTemporal(env);
    await replace(fresh, path);
    return { path, version: check.version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findBinary(folder: string): Promise<string | undefined> {
  // Temporal's own download has the version in its name: temporal-sdk-typescript-1.24.0, temporal-v1.9.1.exe
  const files = await filesBelow(folder);
  return files.find(({ path }) => /^temporal(-.*\d)?(\.exe)?$/.test(basename(path)))?.path;
}

async function replace(fresh: string, path: string): Promise<void> {
  try {
    await rename(fresh, path);
  } catch (error) {
    // Windows does not replace a running program. Then another process has already put a usable one there.
    const there = await checkTemporalBinary(path);
    if (!there.usable) throw error;
  }
}

// A process that is killed during the download leaves up to 200 MB behind.
async function removeAbandonedDownloads(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(DOWNLOAD_PREFIX)) continue;
    const folder = join(cache, name);
    const age = await stat(folder).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > DAY_MS) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
