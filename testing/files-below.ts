import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below a folder with their sizes in bytes; what vanishes meanwhile is left out. */
export async function filesBelow(folder: string): Promise<{ path: string; size: number }[]> {
  // Names only: where an entry's folder is found differs between Node 20 and 24.
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return names.flatMap((name, index) => {
    const entry = found[index];
    return entry?.isFile() ? [{ path: join(folder, name), size: entry.size }] : [];
  });
}
