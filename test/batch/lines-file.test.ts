import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLineWith, LinesFile } from '../../cli/batch/lines-file.js';

const OLD = '{"line":1,"result":"conflict"}\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is there is replaced by publishing, and not before; a file that is not published leaves nothing behind', async () => {
  const file = path.join(folder, 'results.ndjson');
  await writeFile(file, OLD);
  const given = new LinesFile(file, isLineWith('result'));
  given.write({ line: 1, result: 'started' });
  expect(await readFile(file, 'utf8')).toBe(OLD);
  given.close();
  expect(await readdir(folder)).toEqual(['results.ndjson']);
  const published = new LinesFile(file, isLineWith('result'));
  published.write({ line: 2, result: 'started' });
  published.publish();
  published.write({ line: 3 });
  published.close();
  expect(await readFile(file, 'utf8')).toBe('{"line":2,"result":"started"}\n{"line":3}\n');
});

test('a link stays a link, and its file is replaced', async () => {
  await mkdir(path.join(folder, 'elsewhere'));
  const file = path.join(folder, 'elsewhere', 'file');
  const link = path.join(folder, 'link');
  await writeFile(file, OLD);
  await symlink(file, link);
  const given = new LinesFile(link, isLineWith('result'));
  given.write({ line: 1, result: 'started' });
  given.publish();
  given.close();
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, 'utf8')).toBe('{"line":1,"result":"started"}\n');
});

// As root, a file in the place of the device would have been the end of it.
test.each(['/dev/null', '/dev', tmpdir()])('%s is refused, and stays what it is', async (place) => {
  const before = await lstat(place);
  expect(() => new LinesFile(place, isLineWith('result'))).toThrow(
    `${place} is a folder or a device: give a file. Nothing was done.`,
  );
  expect((await lstat(place)).mode).toBe(before.mode);
});

test.each([
  ['a batch file', 'refundRequestId,tradeId\nr-1,t-1\n'],
  ['a batch file of JSON', '{"product":"worldtrade","refundRequestId":"r-1"}\n'],
  ['outcomes', '{"line":1,"refundRequestId":"r-1","status":"succeeded"}\n'],
  ['one line that never ends', 'x'.repeat(100_000)],
])('%s in its place is not replaced', async (_, text) => {
  const file = path.join(folder, 'other');
  await writeFile(file, text);
  expect(() => new LinesFile(file, isLineWith('result'))).toThrow(
    `${file} holds something else, and would be replaced: give another file. Nothing was done.`,
  );
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('an empty file is replaced', async () => {
  const file = path.join(folder, 'empty');
  await writeFile(file, '');
  const given = new LinesFile(file, isLineWith('status'));
  given.write({ line: 1, status: 'succeeded' });
  given.publish();
  given.close();
  expect(await readFile(file, 'utf8')).toBe('{"line":1,"status":"succeeded"}\n');
});
