import path from 'node:path';
import { runProgram } from '../../../testing/run-program.js';
import { postgresPrograms } from '../../cluster/postgres-programs.js';
import { DATABASES } from '../../cluster/schema.js';
import type { BenchContext, Database, Server } from '../context.js';

const LIMIT_MS = 300_000;
// Rows and indexes as they are after the packing; a database that is used has free space and old versions of rows beside them.
const PACK = 'vacuum full';
const BYTES =
  'select sum(pg_total_relation_size(oid)) from pg_class where relkind in ($$r$$, $$m$$) and oid > 16383';

/** The databases of all that is compared, in one PostgreSQL. */
export interface Databases extends Database {
  /** The names of Temporal's databases; none where its server does not use this PostgreSQL. */
  ofTemporal: readonly string[];
  /** What the data of some databases takes, in bytes. */
  bytes(names: readonly string[]): Promise<number>;
  /** How many transactions some databases have committed, reads as well. */
  transactions(names: readonly string[]): Promise<number>;
}

/** Opens the PostgreSQL, and makes the databases of the peers. */
export async function openDatabases(
  context: BenchContext,
  server: Server,
  names: readonly string[],
): Promise<Databases> {
  const database = await context.database(server);
  const psql = path.join(await postgresPrograms(), 'psql');
  const run = async (name: string, sql: string) => {
    const args = [database.urlOf(name), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', sql];
    const { code, stdout, stderr } = await runProgram(psql, args, { limitMs: LIMIT_MS });
    if (code !== 0) throw new Error(`psql could not run "${sql}": ${stderr}`);
    return stdout.trim();
  };
  const there = (await run('postgres', 'select datname from pg_database')).split('\n');
  for (const name of names) if (!there.includes(name)) await run('postgres', `create database ${name}`);
  return {
    ...database,
    ofTemporal: server.cluster ? Object.keys(DATABASES) : [],
    async bytes(of) {
      let all = 0;
      for (const name of of) {
        await run(name, PACK);
        all += Number(await run(name, BYTES));
      }
      return all;
    },
    async transactions(of) {
      const list = of.map((name) => `'${name}'`).join(', ');
      const sql = `select sum(xact_commit) from pg_stat_database where datname in (${list})`;
      return Number(await run('postgres', sql));
    },
  };
}
