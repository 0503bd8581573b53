import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../tools/cluster/main.ts');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

test('where Go is missing, the command says which version to install, and leaves nothing behind', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'no-go-'));
  onTestFinished(() => rm(empty, { recursive: true }));
  const command = spawn(process.execPath, ['--import', tsx, main], {
    env: { PATH: empty, HOME: empty, WORLDFIRST_REFUNDS_CACHE: path.join(empty, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit'),
  ]);
  expect(errors).toMatch(
    /^Temporal's server 1\.\d+\.\d+ has to be built once, and there is no `go` on PATH\./,
  );
  expect(errors).toMatch(/Install Go 1\.\d+(\.\d+)? or newer/);
  expect({ output, code }).toEqual({ output: '', code: 1 });
});
