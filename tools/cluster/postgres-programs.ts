import { access, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type ProgramResult, runProgram } from '../../testing/run-program.js';

/** PostgreSQL can't be run; the message says what helps. */
export class NoPostgresError extends Error {
  override readonly name = 'NoPostgresError';
}

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const INSTALL_LIMIT_MS = 300_000;

/** The folder of PostgreSQL's programs: the machine's own, or Debian's package, which is installed where this is root. */
export async function postgresPrograms(onProgress: (line: string) => void = () => {}): Promise<string> {
  const found = await find();
  if (found) return found;
  if (process.getuid?.() === 0 && (await runs('apt-get', '--version'))) {
    onProgress("Installing Debian's package of PostgreSQL");
    await install();
    const installed = await find();
    if (installed) return installed;
  }
  throw new NoPostgresError(
    `PostgreSQL 12 or newer is needed; its \`initdb\` is neither in ${DEBIAN_FOLDER}/*/bin nor on PATH. ` +
      'Install it (`apt-get install postgresql`, `brew install postgresql`) and run this again.',
  );
}

/** Whether PostgreSQL is on this machine. */
export async function hasPostgres(): Promise<boolean> {
  return (await find()) !== undefined;
}

async function find(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...newestFirst.map((version) => join(DEBIAN_FOLDER, version, 'bin')), ...onPath]) {
    const program = join(folder, 'initdb');
    const isThere = await access(program).then(
      () => true,
      () => false,
    );
    // Its sister programs are beside the file itself, not beside a link to it.
    if (isThere) return dirname(await realpath(program));
  }
  return undefined;
}

async function install(): Promise<void> {
  // The package would start a server of its own on port 5432.
  const noServer =
    'mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf';
  const get = 'DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Options::=--force-confold';
  const script = `${noServer} && ${get} update && ${get} install -y --no-install-recommends postgresql`;
  const { code, stderr } = await runProgram('sh', ['-c', script], { limitMs: INSTALL_LIMIT_MS });
  if (code !== 0) throw new NoPostgresError(`Debian's package of PostgreSQL can't be installed: ${stderr}`);
}

async function runs(command: string, ...args: string[]): Promise<boolean> {
  return runProgram(command, args, { limitMs: 10_000 }).then(
    ({ code }: ProgramResult) => code === 0,
    () => false,
  );
}
