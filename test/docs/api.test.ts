import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REFERENCE_FOLDER, readPages, writeReference } from '../../tools/docs/api/reference.js';

const run = promisify(execFile);
let folder = '';
let problems: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refund-reference-'));
  problems = await writeReference(folder);
  // A compiler runs, which takes long on a busy machine.
}, 180_000);

afterAll(() => rm(folder, { recursive: true }));

test('every export has a sentence and its parameters, and what users call first has its errors and an example', () => {
  expect(problems).toEqual([]);
});

test('the API reference says what the docstrings say (npm run docs)', async () => {
  const made = await readPages(folder);
  expect(Object.keys(made)).toContain('worldfirst-refunds/worker.md');
  expect(await readPages(REFERENCE_FOLDER)).toEqual(made);
});

test('no page leaves out the name of an error, as TypeDoc does where it is in plain braces', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const { stdout } = await run('git', ['grep', '-nE', '@throws \\{[A-Z]', '--', '*.ts', ':!test'], {
    cwd: root,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});
