import type { JsonObject, JsonValue } from '../../rules/request.js';

/**
 * Returns what is wrong with a value, or undefined. The sandbox has checks of its own, so that it does not repeat the
 * client's mistakes.
 */
export type Check = (value: JsonValue | undefined) => string | undefined;

/** A field that may be absent. */
export function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

/** A string with a length in characters. */
export function text({ min = 1, max }: { min?: number; max: number }): Check {
  return (value) => {
    if (typeof value !== 'string') return 'a string is expected';
    const { length } = [...value];
    return length < min || length > max
      ? `${min} to ${max} characters are expected, not ${length}`
      : undefined;
  };
}

/** ISO 8601 with an offset. */
export const dateTime: Check = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? undefined
    : 'a time such as 2022-08-30T02:02:39+08:00 is expected';

/** Any JSON object. */
export const anyObject: Check = (value) => (isObject(value) ? undefined : 'an object is expected');

/** An object with at least these fields. The mistake begins with the path of the field. */
export function object(fields: Record<string, Check>): Check {
  return (value) => {
    if (!isObject(value)) return 'an object is expected';
    for (const [name, check] of Object.entries(fields)) {
      const mistake = check(value[name]);
      if (mistake) return at(name, mistake);
    }
    return undefined;
  };
}

/** A list with at least one element. */
export function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0) return 'a list of at least one is expected';
    for (const [index, element] of value.entries()) {
      const mistake = check(element);
      if (mistake) return at(`[${index}]`, mistake);
    }
    return undefined;
  };
}

/** A non-negative integer of at most 16 characters, as a number or as a string of digits. */
const amountValue: Check = (value) => {
  if (typeof value !== 'number' && typeof value !== 'string') return 'an integer is expected';
  if (!/^\d{1,16}$/.test(String(value))) return 'a non-negative integer of at most 16 characters is expected';
  return Number.isSafeInteger(Number(value))
    ? undefined
    : 'the sandbox supports values up to 9007199254740991';
};

const currency: Check = (value) =>
  typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? undefined : 'three capital letters are expected';

/** An amount of money. */
export const amount: Check = object({ currency, value: amountValue });

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in a text; undefined when the text is not one. */
export function jsonObjectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function at(name: string, mistake: string): string {
  const [, path, rest] = /^([\w.[\]]+): (.*)$/s.exec(mistake) ?? [undefined, '', mistake];
  return `${name}${path === '' || path?.startsWith('[') ? '' : '.'}${path}: ${rest}`;
}
