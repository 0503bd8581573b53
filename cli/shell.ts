import { existsSync } from 'node:fs';
import path from 'node:path';

/** A word, quoted for a POSIX shell where that is necessary. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Lines that set variables when a shell reads them. */
export function exportLines(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}=${shellWord(value)}`)
    .join('\n');
}

const NAME = 'worldfirst-refunds';

/** How a hint names this program: with `npx` where npm started it and a shell would not find it. */
export function programName(): string {
  return isStartedByNpm() && !isOnPath() ? `npx ${NAME}` : NAME;
}

/** The message of a library, which names the program without knowing how it was started. */
export function withProgramName(message: string): string {
  return message.replaceAll(`\`${NAME} `, `\`${programName()} `);
}

function isStartedByNpm({ env, argv } = process): boolean {
  return Boolean(env.npm_execpath || env.npm_config_user_agent) || isOfProject(path.dirname(argv[1] ?? ''));
}

function isOnPath(): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  // npm puts these in front for the programs that it starts; the user's shell does not have them.
  return folders.some((folder) => !isOfProject(folder) && existsSync(path.join(folder, NAME)));
}

function isOfProject(folder: string): boolean {
  return folder.endsWith(path.join('node_modules', '.bin'));
}
