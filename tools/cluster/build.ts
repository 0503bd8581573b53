import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { runProgram } from '../../testing/run-program.js';
import { cacheFolder } from '../../testing/temporal-cache.js';

/** The programs of Temporal's server. */
export interface ServerPrograms {
  /** Runs one of the four services. */
  server: string;
  /** Creates databases and their tables. */
  sqlTool: string;
}

// `go build` names a program after the last part of its package.
const PACKAGES = {
  server: 'go.temporal.io/server/cmd/server',
  sqlTool: 'go.temporal.io/server/cmd/tools/sql',
};
const MODULE = import.meta.dirname;
const KEPT_ERROR_LINES = 20;

/** The version of Temporal's server that go.mod pins. */
export const SERVER_VERSION = versionIn(/^\s*go\.temporal\.io\/server v(\S+)/m);
const GO_VERSION = versionIn(/^go (\S+)/m);

/** Temporal's server can't be built; the message says what helps. */
export class CannotBuildError extends Error {
  override readonly name = 'CannotBuildError';
}

/** Whether the server has been built before. */
export async function isBuilt(): Promise<boolean> {
  return access(folderOfBuild()).then(
    () => true,
    () => false,
  );
}

/** Whether there is a `go` to build the server with. */
export async function hasGo(): Promise<boolean> {
  return runProgram('go', ['version'], { limitMs: 10_000 }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

/** The programs of Temporal's server; builds them into the cache where they are not there yet, which takes minutes. */
export async function serverPrograms(
  onProgress: (line: string) => void = () => {},
  signal?: AbortSignal,
): Promise<ServerPrograms> {
  if (!(await isBuilt())) await build(onProgress, signal);
  const file = (name: string) => path.join(folderOfBuild(), path.basename(name));
  return { server: file(PACKAGES.server), sqlTool: file(PACKAGES.sqlTool) };
}

async function build(onProgress: (line: string) => void, signal?: AbortSignal): Promise<void> {
  if (!(await hasGo())) {
    throw new CannotBuildError(
      `Temporal's server ${SERVER_VERSION} has to be built once, and there is no \`go\` on PATH. ` +
        `Install Go ${GO_VERSION} or newer (https://go.dev/dl/) and run this again.`,
    );
  }
  onProgress(
    `Building Temporal's server ${SERVER_VERSION}: once, some minutes, up to 3 GB of memory and 4 GB of disk for Go's caches`,
  );
  await mkdir(cacheFolder(process.env), { recursive: true });
  // Beside its place: a build that was interrupted is never taken for a whole one.
  const fresh = await mkdtemp(path.join(cacheFolder(process.env), 'download-'));
  try {
    await runGo(
      ['build', '-v', '-trimpath', '-ldflags=-s -w', '-o', `${fresh}${path.sep}`, ...Object.values(PACKAGES)],
      onProgress,
      signal,
    );
    await rename(fresh, folderOfBuild()).catch(async (error) => {
      // Another process has built it meanwhile.
      if (!(await isBuilt())) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function runGo(
  args: string[],
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const go = spawn('go', args, { cwd: MODULE, env, stdio: ['ignore', 'ignore', 'pipe'], signal });
  go.on('error', () => {});
  const last: string[] = [];
  let packages = 0;
  createInterface({ input: go.stderr }).on('line', (line) => {
    last.push(line);
    if (last.length > KEPT_ERROR_LINES) last.shift();
    // With -v it names each package that it compiles, and nothing else has neither blanks nor colons.
    if (/^[^\s:]+$/.test(line)) packages += 1;
    if (packages % 100 === 0 && packages > 0)
      onProgress(`Building Temporal's server: ${packages} packages compiled`);
  });
  const [code] = await once(go, 'close');
  signal?.throwIfAborted();
  if (code !== 0) throw new CannotBuildError(`\`go ${args[0]}\` failed (${code}):\n${last.join('\n')}`);
}

function folderOfBuild(): string {
  return path.join(cacheFolder(process.env), `temporal-server-${SERVER_VERSION}`);
}

function versionIn(pattern: RegExp): string {
  const [, version] = pattern.exec(readFileSync(path.join(MODULE, 'go.mod'), 'utf8')) ?? [];
  if (version === undefined) throw new Error(`tools/cluster/go.mod has no ${pattern}`);
  return version;
}
