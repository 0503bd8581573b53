import { InvalidArgumentError } from 'commander';
import { CliError } from './failure.js';

// The errors that people meet (errno(3)), in words.
const PROBLEMS: Record<string, string> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'the disk is full',
};

/** Reads a flag that names a file. An empty one comes from a variable that is not set. */
export function fileName(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must be the name of a file.');
  return text;
}

/** A file, or standard input, that cannot be read. */
export function notReadable(name: string, error: unknown, consequence: string): CliError {
  return new CliError('USAGE', `${name} cannot be read: ${problemOf(error)}. ${consequence}`);
}

/** A file that cannot be written. */
export function notWritable(name: string, error: unknown, consequence: string): CliError {
  // It is created, so what does not exist is its folder.
  const problem = codeOf(error) === 'ENOENT' ? 'its folder does not exist' : problemOf(error);
  return new CliError('USAGE', `${name} cannot be written: ${problem}. ${consequence}`);
}

function problemOf(error: unknown): string {
  const code = codeOf(error) ?? String(error);
  return PROBLEMS[code] ?? code;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
