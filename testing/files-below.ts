import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below a folder with their sizes in bytes. Files that disappear in the meantime are left out. */
export async function filesBelow(folder: string): Promise<{ path: string; size: number }[]> {
  // Only names, because the property with an entry's folder differs between Node 20 and 24.
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return names.flatMap((name, index) => {
    const entry = found[index];
    return entry?.isFile() ? [{ path: join(folder, name), size: entry.size }] : [];
  });
}
