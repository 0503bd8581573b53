import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** One folder of keys for all sandboxes of a file: making keys takes longer than most tests. */
export function useKeys(): { readonly keysDir: string } {
  const keys = { keysDir: '' };
  beforeAll(async () => {
    keys.keysDir = await mkdtemp(path.join(tmpdir(), 'sandbox-keys-'));
  });
  afterAll(() => rm(keys.keysDir, { recursive: true }));
  return keys;
}
