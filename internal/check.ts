import { escapeInvisible } from './sanitize.js';

/** One mistake: where it stands (`refundToDetails[0].refundAmount.value`) and what is wrong with it. */
export interface ValidationIssue {
  path: string;
  message: string;
}

/** The fields and indexes that lead to a value: `['refundToDetails', 0, 'refundAmount']`. */
export type Path = readonly (string | number)[];

/** One mistake as a check reports it. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
}

/** Reports every mistake of a value. A value without a mistake is a `T`, so the type is not written a second time. */
export interface Check<T> {
  (value: unknown, path: Path): Mistake[];
  /** It is always absent: it carries the type. */
  readonly type?: T;
}

/** Marks a field that may be absent. */
export interface Optional<T> {
  optional: Check<T>;
}

/** The type that a check describes. */
export type Infer<C> = C extends Check<infer T> | Optional<infer T> ? T : never;

type Fields = Record<string, Check<unknown> | Optional<unknown>>;

/**
 * The object that these fields describe, with the comments of each field.
 * @public The compiler writes its name, and the comments, into declarations; a type that it resolves loses the comments.
 */
export type ObjectOf<F> = { [K in keyof Described<F>]: Described<F>[K] };

type Described<F> = { [K in keyof F as F[K] extends Optional<unknown> ? never : K]: Infer<F[K]> } & {
  [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: Infer<F[K]>;
};

/** Any JSON object; passed through untouched. */
export type JsonObject = { [key: string]: JsonValue };
/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** Every mistake of a value, each with its path as people write it. */
export function issuesOf(check: Check<unknown>, value: unknown, path: Path = []): ValidationIssue[] {
  return check(value, path).map((mistake) => ({ ...mistake, path: textOf(mistake.path) }));
}

/** A field that may be absent, or undefined. */
export const optional = <T>(check: Check<T>): Optional<T> => ({ optional: check });

/** Exactly this value. */
export const literal =
  <T extends string>(expected: T): Check<T> =>
  (value, path) =>
    value === expected ? [] : [{ path, message: `must be "${expected}"` }];

/** A text of so many characters. Half a surrogate pair is refused: it has no UTF-8, so two texts would become one. */
export const text =
  (min: number, max: number): Check<string> =>
  (value, path) => {
    if (typeof value !== 'string') return [{ path, message: `must be a text, and is ${nameOf(value)}` }];
    if (value.length < min)
      return [{ path, message: min === 1 ? 'must not be empty' : `must have at least ${min} characters` }];
    if (value.length > max)
      return [{ path, message: `must have at most ${max} characters, and has ${value.length}` }];
    if (!value.isWellFormed())
      return [{ path, message: 'holds half a surrogate pair, which cannot be sent' }];
    return [];
  };

/** A text that names something: no control characters, and no blanks at its ends, for they are never meant. */
export const identifier =
  (min: number, max: number): Check<string> =>
  (value, path) => {
    const issues = text(min, max)(value, path);
    if (issues.length > 0) return issues;
    if (value !== (value as string).trim()) return [{ path, message: 'must not begin or end with a blank' }];
    if (/\p{Cc}/u.test(value as string)) return [{ path, message: 'must not hold control characters' }];
    return [];
  };

/** A whole number that a float carries exactly. */
export const integer =
  (min: number): Check<number> =>
  (value, path) => {
    // Stryker disable next-line ConditionalExpression: Number.isInteger accepts nothing but numbers; the compiler does not know.
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return [{ path, message: `must be a whole number, and is ${nameOf(value)}` }];
    }
    if (!Number.isSafeInteger(value))
      return [{ path, message: `must be at most ${Number.MAX_SAFE_INTEGER}` }];
    return value < min ? [{ path, message: `must be at least ${min}` }] : [];
  };

/** True or false. */
export const boolean: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? [] : [{ path, message: 'must be true or false' }];

/** What holds of a value beyond its type: the rule returns a sentence for what does not. */
export const where =
  <T>(check: Check<T>, rule: (value: T) => string | undefined): Check<T> =>
  (value, path) => {
    const issues = check(value, path);
    if (issues.length > 0) return issues;
    const message = rule(value as T);
    return message === undefined ? [] : [{ path, message }];
  };

/** The values of a check that belong to a narrower type. */
export const narrow = <T, Narrow extends T>(
  check: Check<T>,
  belongs: (value: T) => value is Narrow,
  message: string,
) => where(check, (value) => (belongs(value) ? undefined : message)) as Check<Narrow>;

/** A list of at least one. */
export const list =
  <T>(each: Check<T>): Check<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) return [{ path, message: `must be a list, and is ${nameOf(value)}` }];
    if (value.length === 0) return [{ path, message: 'must have at least 1 entry' }];
    // `flatMap` would skip the holes of a sparse list.
    return Array.from(value).flatMap((entry, index) => each(entry, [...path, index]));
  };

// What is read is written into a refund's timeline when it is refused, and must not flood it.
const MOST_UNKNOWN_FIELDS = 20;

/** An object with these fields and no others. */
export const object =
  <F extends Fields>(fields: F, unknownField = 'is not a field of this request'): Check<ObjectOf<F>> =>
  (value, path) => {
    if (!isObject(value)) return [{ path, message: `must be an object, and is ${nameOf(value)}` }];
    const known = Object.entries(fields).flatMap(([key, field]) => {
      const entry = Object.hasOwn(value, key) ? value[key] : undefined;
      const at = [...path, key];
      if (typeof field === 'function')
        return entry === undefined ? [{ path: at, message: 'is missing' }] : field(entry, at);
      return entry === undefined ? [] : field.optional(entry, at);
    });
    const unknown = Object.keys(value).filter(
      (key) => !Object.hasOwn(fields, key) && value[key] !== undefined,
    );
    const named = unknown.slice(0, MOST_UNKNOWN_FIELDS);
    const unnamed = unknown.length - named.length;
    return [
      ...known,
      ...named.map((key) => ({ path: [...path, key], message: unknownField })),
      ...(unnamed > 0 ? [{ path, message: `has ${unnamed} more fields that it must not have` }] : []),
    ];
  };

// The stack carries some thousands of levels, and JSON.stringify fails beyond them too.
const DEEPEST_JSON = 100;

/** Any JSON, as long as it is carried unchanged: no unsafe integers, no half surrogate pairs, not nested without end. */
export const json: Check<JsonValue> = (value, path) => jsonAt(value, path, 1);

function jsonAt(value: unknown, path: Path, depth: number): Mistake[] {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value === 'string') return text(0, Number.POSITIVE_INFINITY)(value, path);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return [{ path, message: 'must be a finite number' }];
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? [{ path, message: 'is an integer too large to be carried exactly; write it as a text' }]
      : [];
  }
  if (typeof value !== 'object') return [{ path, message: `must be JSON, and is ${nameOf(value)}` }];
  if (depth > DEEPEST_JSON) return [{ path, message: `is nested more than ${DEEPEST_JSON} deep` }];
  if (Array.isArray(value)) {
    return Array.from(value).flatMap((entry, index) => jsonAt(entry, [...path, index], depth + 1));
  }
  return Object.entries(value).flatMap(([key, entry]) => {
    const at = [...path, key];
    if (!key.isWellFormed()) return [{ path: at, message: 'has half a surrogate pair in its name' }];
    return entry === undefined ? [] : jsonAt(entry, at, depth + 1);
  });
}

/** An object that can be read by its keys. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

/** A text of others within a sentence, on one line and not at any length. */
export function quoted(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return escapeInvisible(JSON.stringify(shown));
}

/** `refundToDetails[0].value`; what is not a plain name stands in quotes, `["a b"]`. */
function textOf(path: Path): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w$-]{1,64}$/.test(key) ? `.${key}` : `[${quoted(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
