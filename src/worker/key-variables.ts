import { readFileSync } from 'node:fs';
import type { Variables } from './variables.js';

/** A key's text, and the variable that it came from. */
export interface KeyText {
  variable: string;
  text: string;
}

/**
 * The text of a key from `NAME` or from the file that `NAME_FILE` names (files, separated by commas, where several keys
 * have a meaning). A mistake never repeats what might be a key.
 */
export function keyText(
  variables: Variables,
  name: string,
  { what, several }: { what: string; several: boolean },
): KeyText | undefined {
  const fileVariable = `${name}_FILE`;
  const [text, files] = [variables.get(name), variables.get(fileVariable)];
  if (text !== undefined && files !== undefined) {
    variables.mistake(name, `and ${fileVariable} are both set: keep one of them`);
    return undefined;
  }
  if (text !== undefined) return { variable: name, text };
  if (files === undefined) {
    variables.mistake(name, `is not set: set it to ${what}, or ${fileVariable} to the file that holds it`);
    return undefined;
  }
  if (looksLikeKey(files)) {
    variables.mistake(fileVariable, `holds a key in place of a file's name: set ${name} to it instead`);
    return undefined;
  }
  const texts = (several ? files.split(',') : [files]).map((file) =>
    contentOf(variables, fileVariable, file.trim()),
  );
  if (texts.some((content) => content === undefined)) return undefined;
  return { variable: fileVariable, text: texts.join(',') };
}

function contentOf(variables: Variables, variable: string, file: string): string | undefined {
  try {
    const content = readFileSync(file, 'utf8');
    if (content.trim() !== '') return content;
    variables.mistake(variable, `names an empty file: ${file}`);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    variables.mistake(variable, `names a file that ${REASONS[code] ?? `cannot be read (${code})`}: ${file}`);
  }
  return undefined;
}

const REASONS: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'this process may not read',
  EISDIR: 'is a folder',
};

/** The shortest key that is accepted has 200 characters in base64; names of files hardly ever do. */
function looksLikeKey(text: string): boolean {
  return text.includes('-----') || text.includes('\n') || /[A-Za-z0-9+/]{200}/.test(text);
}
