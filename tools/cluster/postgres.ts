import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProgramResult, runProgram } from '../../testing/run-program.js';
import { serverPorts } from './ports.js';
import { postgresPrograms } from './postgres-programs.js';
import { ClusterProcess } from './process.js';

/** A PostgreSQL of our own, and what connects a client to it. */
export interface Postgres {
  process: ClusterProcess;
  port: number;
  user: string;
  password: string;
  /** As PostgreSQL says it. */
  version: string;
  /** What connects a client to one of its databases. */
  urlOf(database: string): string;
}

const USER = 'temporal';
// PostgreSQL refuses to run as root; this user comes with Debian's package.
const UNPRIVILEGED = 'postgres';
const PROGRAM_LIMIT_MS = 60_000;
// Each process of Temporal's server keeps up to 30 of them; PostgreSQL allows 100 unless told otherwise.
const CONNECTIONS = 400;

/** Starts a PostgreSQL with its data in a folder, on a loopback port, with fsync as it is by default. */
export async function startPostgres(folder: string, onProgress?: (line: string) => void): Promise<Postgres> {
  const programs = await postgresPrograms(onProgress);
  const program = (name: string) => path.join(programs, name);
  const data = path.join(folder, 'postgres');
  const [port = 0] = await serverPorts(1);
  const password = randomBytes(16).toString('hex');
  await createData(program('initdb'), data, password);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: CONNECTIONS,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = '', ...rest] = unprivileged([program('postgres'), '-D', data, ...args]);
  const process = new ClusterProcess({
    name: 'postgres',
    command,
    args: rest,
    // It is not to wait for its clients.
    killSignal: 'SIGQUIT',
    isReady: () => answers(program('pg_isready'), port),
  });
  await process.start();
  const { stdout } = await run([program('postgres'), '--version']);
  const [, version = ''] = /PostgreSQL\) (\S+)/.exec(stdout) ?? [];
  const urlOf = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
  return { process, port, user: USER, password, version, urlOf };
}

async function createData(initdb: string, data: string, password: string): Promise<void> {
  if (isRoot()) {
    // Its way to the data leads through here.
    await chmod(path.dirname(data), 0o711);
    await run(['install', '-d', '-m', '700', '-o', UNPRIVILEGED, '-g', UNPRIVILEGED, data]);
  } else {
    await mkdir(data, { mode: 0o700 });
  }
  const passwordFile = path.join(path.dirname(data), 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot()) await run(['chown', UNPRIVILEGED, passwordFile]);
  const options = ['--encoding=UTF8', '--no-locale', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(unprivileged([initdb, '-D', data, '-U', USER, ...options]));
  await rm(passwordFile);
}

async function answers(isReady: string, port: number): Promise<boolean> {
  const args = ['-q', '-h', '127.0.0.1', '-p', `${port}`];
  return (await runProgram(isReady, args, { limitMs: PROGRAM_LIMIT_MS })).code === 0;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A command line, for a user without rights where this is root. */
function unprivileged(commandLine: string[]): string[] {
  if (!isRoot()) return commandLine;
  return ['setpriv', `--reuid=${UNPRIVILEGED}`, `--regid=${UNPRIVILEGED}`, '--clear-groups', ...commandLine];
}

async function run([command = '', ...args]: string[]): Promise<ProgramResult> {
  const result = await runProgram(command, args, { limitMs: PROGRAM_LIMIT_MS });
  if (result.code !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${result.stderr || result.stdout}`);
  return result;
}
