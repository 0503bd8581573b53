import { runProgram } from '../../testing/run-program.js';
import type { Postgres } from './postgres.js';

/** The databases of Temporal's server, each with the name of its tables in the server's own tool. */
export const DATABASES = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
} as const;

const LIMIT_MS = 120_000;

/** Creates the databases and their tables, with the server's own tool. */
export async function createSchemas(
  sqlTool: string,
  { port, user, password }: Pick<Postgres, 'port' | 'user' | 'password'>,
): Promise<void> {
  const connection = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', `${port}`, '-u', user];
  const run = async (database: string, ...args: string[]) => {
    const all = [...connection, '--pw', password, '--db', database, ...args];
    const { code, stdout, stderr } = await runProgram(sqlTool, all, { limitMs: LIMIT_MS });
    if (code !== 0) throw new Error(`temporal-sql-tool ${args.join(' ')} failed: ${stdout}${stderr}`);
  };
  await Promise.all(
    Object.entries(DATABASES).map(async ([database, schema]) => {
      await run(database, 'create-database');
      await run(database, 'setup-schema', '-v', '0.0');
      await run(database, 'update-schema', '--schema-name', schema);
    }),
  );
}
