import { readFileSync, statSync } from 'node:fs';
import { EncodingMistake, utf8Text } from '../internal/utf8.js';

/** A file's text, or what is wrong with the file in words that follow "names". DER, which is binary, comes as base64. */
export function readKeyFile(file: string): { text: string } | { mistake: string } {
  try {
    const bytes = readFileSync(file);
    if (isDer(bytes)) return { text: bytes.toString('base64') };
    const text = utf8Text(bytes);
    return text.trim() === '' ? { mistake: `an empty file: ${file}` } : { text };
  } catch (error) {
    if (error instanceof EncodingMistake)
      return {
        mistake: `${file}, which ${error.message}${error.command === undefined ? '' : ` ${file} > key.pem`}`,
      };
    const { code = '' } = error as NodeJS.ErrnoException;
    return { mistake: `a file that ${REASONS[code] ?? `cannot be read (${code})`}: ${file}` };
  }
}

/** A sequence whose length takes more than one byte, as that of every key does. */
function isDer([tag, length = 0]: Buffer): boolean {
  return tag === 0x30 && length >= 0x80;
}

const REASONS: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'this process may not read',
  EISDIR: 'is a folder',
};

/**
 * A warning where others than its owner can read a private key, or change any key: with a public key of their own, answers
 * that they forge would be trusted. Windows has no such modes.
 */
export function exposure(file: string, { isSecret }: { isSecret: boolean }): string | undefined {
  if (process.platform === 'win32') return undefined;
  const mode = statSync(file).mode & 0o777;
  const others = mode & 0o077;
  if ((others & (isSecret ? 0o077 : 0o022)) === 0) return undefined;
  const what = isSecret ? 'read your private key' : "replace the key that verifies WorldFirst's answers";
  return `${file} has the mode ${mode.toString(8).padStart(3, '0')}: others on this machine can ${what}. Restrict it: chmod 600 ${file}`;
}
