import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** One key directory for all sandboxes of a test file, because making keys is slower than most tests. */
export function useKeys(): { readonly keysDir: string } {
  const keys = { keysDir: '' };
  beforeAll(async () => {
    keys.keysDir = await mkdtemp(path.join(tmpdir(), 'sandbox-keys-'));
  });
  afterAll(() => rm(keys.keysDir, { recursive: true }));
  return keys;
}
