import { runProgram } from './run-program.js';

/** The release that is downloaded when no usable Temporal CLI is found. */
export const TEMPORAL_CLI_VERSION = '1.9.1';

// Server 1.32 is the first that can skip time for one workflow.
const OLDEST_CLI = [1, 9, 1];
const OLDEST_SERVER = [1, 32, 0];

/** Whether a program is a usable Temporal CLI, and otherwise the reason. */
export type BinaryCheck =
  | { usable: true; version: string }
  | { usable: false; absent: boolean; reason: string };

/** Runs `<path> --version` to check for a Temporal CLI with a recent dev server. Never rejects. */
export async function checkTemporalBinary(path: string): Promise<BinaryCheck> {
  try {
    // Another program with this name may never end.
    const { code, stdout, stderr } = await runProgram(path, ['--version'], { limitMs: 20_000 });
    const found = /^temporal version (\S+) \(Server ([^\s,)]+)/m.exec(stdout);
    if (!found) return unusable(`${path} is damaged: ${firstLine(stderr) ?? `exit code ${code}`}`);
    const [, cli = '', server = ''] = found;
    if (atLeast(cli, OLDEST_CLI) && atLeast(server, OLDEST_SERVER)) return { usable: true, version: cli };
    const needed = `${OLDEST_CLI.join('.')} with server ${OLDEST_SERVER.join('.')} or newer is needed`;
    return unusable(`${path} is version ${cli} with server ${server}; ${needed}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The folder on PATH does not exist, is a file, or has no such program.
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    return absent
      ? { usable: false, absent, reason: `${path} does not exist` }
      : unusable(`${path} cannot be run: ${message}`);
  }
}

function unusable(reason: string): BinaryCheck {
  return { usable: false, absent: false, reason };
}

function atLeast(version: string, oldest: number[]): boolean {
  const parts = version.replace(/^v/, '').split(/[.-]/).map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (Number.isNaN(part)) return false;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find(Boolean);
}
