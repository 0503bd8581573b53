import type { ValidationIssue } from '../internal/check.js';
import { withoutQuotes } from '../internal/quotes.js';
import { exposure, readKeyFile } from './key-files.js';
import { VARIABLES, type Variable, VariableError, type VariableName } from './variables.js';

/** What a variable reads as; undefined where it may be absent. */
export type Value<Name extends VariableName> =
  | ReturnType<(typeof VARIABLES)[Name]['parse']>
  | ((typeof VARIABLES)[Name] extends { default: string } ? never : undefined);

/** Reads variables one by one, and collects every mistake. An empty one counts as not set. */
export class Environment {
  readonly issues: ValidationIssue[] = [];
  /** One line for each thing that is allowed, but probably a mistake. */
  readonly warnings: string[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The value of a variable. After a mistake it has no meaning. */
  get<Name extends VariableName>(name: Name): Value<Name> {
    const variable: Variable = VARIABLES[name];
    const text = this.#textOf(name, variable) ?? variable.default;
    if (text === undefined) return undefined as Value<Name>;
    try {
      return variable.parse(text) as Value<Name>;
    } catch (error) {
      if (!(error instanceof VariableError)) throw error;
      for (const mistake of error.mistakes) this.mistake(name, mistake);
      return undefined as Value<Name>;
    }
  }

  /** Notes a mistake. */
  mistake(name: VariableName, message: string): void {
    const { file }: Variable = VARIABLES[name];
    const path = file && this.#set(`${name}_FILE`) !== undefined ? `${name}_FILE` : name;
    this.issues.push({ path, message });
  }

  /** An env-file of Docker passes on the quotes round a value. */
  #set(name: string): string | undefined {
    return withoutQuotes(this.#env[name] ?? '') || undefined;
  }

  #textOf(name: VariableName, { file, required, together }: Variable): string | undefined {
    const [text, files] = [this.#set(name), file && this.#set(`${name}_FILE`)];
    if (text !== undefined && files !== undefined) {
      this.issues.push({ path: name, message: `and ${name}_FILE are both set: keep one of them` });
      return undefined;
    }
    if (files !== undefined) return this.#contentOf(name, files);
    if (text === undefined && required) this.mistake(name, `is not set: ${required}`);
    if (text === undefined && together && this.#set(together.with) !== undefined)
      this.mistake(name, `is not set: ${together.remedy}, or remove ${together.with}`);
    return text;
  }

  /** The content of the files, separated by commas as their names are. A mistake never repeats what might be a key. */
  #contentOf(name: VariableName, files: string): string | undefined {
    if (looksLikeKey(files)) {
      this.mistake(name, `contains a key, not a file name: put the key into ${name}`);
      return undefined;
    }
    const { file, isSecret }: Variable = VARIABLES[name];
    const names = (file === 'one' ? [files] : files.split(',')).map(withoutQuotes);
    const found = names.map((each) => readKeyFile(each));
    for (const each of found) if ('mistake' in each) this.mistake(name, `names ${each.mistake}`);
    const texts = found.flatMap((each) => ('text' in each ? [each.text] : []));
    if (texts.length < names.length) return undefined;
    for (const each of new Set(names)) {
      const warning = exposure(each, { isSecret: isSecret === true });
      if (warning) this.warnings.push(`${name}_FILE: ${warning}`);
    }
    return texts.join(',');
  }
}

/** An RSA key has at least 200 characters in base64, and an encryption key ends with one `=`; names of files normally do not. */
function looksLikeKey(text: string): boolean {
  return text.includes('-----') || text.includes('\n') || /[A-Za-z0-9+/]{200}|:[A-Za-z0-9+/]{43}=/.test(text);
}

// Without Temporal's own ones a process connects to the wrong server or namespace.
const OF_TEMPORAL = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY', 'TEMPORAL_PROFILE'];

const KNOWN = [
  ...OF_TEMPORAL,
  ...Object.entries<Variable>(VARIABLES).flatMap(([name, { file }]) =>
    file ? [name, `${name}_FILE`] : [name],
  ),
];

/** One line for each variable whose name is nearly one that is read. Other names with the same prefix may have another reader. */
export function misspeltNames(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).flatMap((name) => {
    if (KNOWN.includes(name)) return [];
    const meant = KNOWN.find((known) => distance(name.toUpperCase(), known) <= 2);
    return meant ? [`${name} is not a known variable. Did you mean ${meant}?`] : [];
  });
}

/** How many letters must be added, dropped or changed to turn one text into the other (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
