// @module-tag long
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
// The declarations of all entry points are checked, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

async function tsc(compiler: string, ...args: string[]): Promise<string> {
  const program = path.join('node_modules', compiler, 'bin/tsc');
  const { stdout } = await run(process.execPath, [program, ...args], { cwd: root }).catch(
    (error: { stdout: string }) => error,
  );
  return stdout;
}

/** What is wrong in test-d/ and in the declarations of the built package. Those of other packages are not ours. */
async function errorsOf(
  compiler: string,
  module: string,
  moduleResolution: string,
  ...more: string[]
): Promise<string[]> {
  const options = ['--module', module, '--moduleResolution', moduleResolution, '--pretty', 'false', ...more];
  const lines = (await tsc(compiler, '-p', 'test-d', ...options)).split('\n');
  return lines.filter((line) => line !== '' && !/^(\s|node_modules\/)/.test(line));
}

// The oldest supported version, the last one that is written in JavaScript, and the current one.
describe.for([
  { compiler: 'typescript-5.2', version: /^Version 5\.2\./ },
  { compiler: 'typescript-5.9', version: /^Version 5\.9\./ },
  { compiler: 'typescript', version: /^Version 7\./ },
])('an application with $compiler gets the exact types of the package', ({ compiler, version }) => {
  test('by the resolution of Node', async () => {
    expect(await tsc(compiler, '--version')).toMatch(version);
    expect(await errorsOf(compiler, 'NodeNext', 'NodeNext')).toEqual([]);
  });

  // The declarations themselves are checked once, above: that takes most of the time.
  test('by the resolution of bundlers', async () => {
    expect(await errorsOf(compiler, 'ESNext', 'Bundler', '--skipLibCheck')).toEqual([]);
  });
});
