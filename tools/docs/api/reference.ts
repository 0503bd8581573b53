import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of the API reference. */
export const REFERENCE_FOLDER = path.resolve(import.meta.dirname, '../../../docs/api');

/**
 * Writes the API reference, in a process of its own that has TypeScript 5.9.
 * @returns what its docstrings lack, one line each
 */
export async function writeReference(folder: string): Promise<string[]> {
  const hooks = ['tsx', path.join(import.meta.dirname, 'typescript-5.9.mjs')];
  const args = hooks.flatMap((hook) => ['--import', hook]);
  const main = path.join(import.meta.dirname, 'main.ts');
  const { stdout } = await run(process.execPath, [...args, main, folder]);
  return JSON.parse(stdout);
}

/** The pages of a folder by their names. */
export async function readPages(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const pages = files.sort().map(async (file) => [path.relative(folder, file), await readFile(file, 'utf8')]);
  return Object.fromEntries(await Promise.all(pages));
}
