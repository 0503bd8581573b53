import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LinesFile } from '../../cli/batch/lines-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is there is replaced by publishing, and not before; a file that is not published leaves nothing behind', async () => {
  const file = path.join(folder, 'results.ndjson');
  await writeFile(file, 'old\n');
  const given = new LinesFile(file);
  given.write({ line: 1 });
  expect(await readFile(file, 'utf8')).toBe('old\n');
  given.close();
  expect(await readdir(folder)).toEqual(['results.ndjson']);
  const published = new LinesFile(file);
  published.write({ line: 2 });
  published.publish();
  published.write({ line: 3 });
  published.close();
  expect(await readFile(file, 'utf8')).toBe('{"line":2}\n{"line":3}\n');
});

test('a link stays a link, and its file is replaced', async () => {
  await mkdir(path.join(folder, 'elsewhere'));
  const file = path.join(folder, 'elsewhere', 'file');
  const link = path.join(folder, 'link');
  await writeFile(file, 'old\n');
  await symlink(file, link);
  const given = new LinesFile(link);
  given.write({ line: 1 });
  given.publish();
  given.close();
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, 'utf8')).toBe('{"line":1}\n');
});

// As root, a file in the place of the device would have been the end of it.
test.each(['/dev/null', '/dev', tmpdir()])('%s is refused, and stays what it is', async (place) => {
  const before = await lstat(place);
  expect(() => new LinesFile(place)).toThrow(
    `${place} is a folder or a device: give a file. Nothing was done.`,
  );
  expect((await lstat(place)).mode).toBe(before.mode);
});
