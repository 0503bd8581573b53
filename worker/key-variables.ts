import { exposure, readKeyFile } from './key-files.js';
import type { Variables } from './variables.js';

/** A key's text, and the variable that it came from. */
export interface KeyText {
  variable: string;
  text: string;
}

/**
 * The text of a key from `NAME` or from the file that `NAME_FILE` names (files, separated by commas, for public keys). A
 * mistake never repeats what might be a key.
 */
export function keyText(
  variables: Variables,
  name: string,
  { what, isSecret }: { what: string; isSecret: boolean },
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
  const names = (isSecret ? [files] : files.split(',')).map((file) => file.trim());
  const texts = names.map((file) => textOf(variables, fileVariable, file));
  if (texts.some((content) => content === undefined)) return undefined;
  for (const file of new Set(names)) {
    const warning = exposure(file, { isSecret });
    if (warning) variables.warnings.push(`${fileVariable}: ${warning}`);
  }
  return { variable: fileVariable, text: texts.join(',') };
}

function textOf(variables: Variables, variable: string, file: string): string | undefined {
  const read = readKeyFile(file);
  if ('text' in read) return read.text;
  variables.mistake(variable, `names ${read.mistake}`);
  return undefined;
}

/** The shortest key that is accepted has 200 characters in base64; names of files hardly ever do. */
function looksLikeKey(text: string): boolean {
  return text.includes('-----') || text.includes('\n') || /[A-Za-z0-9+/]{200}/.test(text);
}
