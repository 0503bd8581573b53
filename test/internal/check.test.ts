import { describe, expect, it } from 'vitest';
import {
  boolean,
  identifier,
  integer,
  issuesOf,
  json,
  list,
  literal,
  narrow,
  object,
  optional,
  quoted,
  text,
  where,
} from '../../internal/check.js';

/** What the checks say, word for word: it is all that a caller sees of a mistake. */
describe('a mistake in words', () => {
  it.each([
    [literal('cashier'), 'worldtrade', 'must be "cashier"'],
    [text(1, 5), '', 'must not be empty'],
    [text(2, 5), 'a', 'must have at least 2 characters'],
    [text(1, 5), 'abcdef', 'must have at most 5 characters, and has 6'],
    [text(1, 5), 'a\ud83d', 'holds half a surrogate pair, which cannot be sent'],
    [text(1, 5), null, 'must be a text, and is null'],
    [text(1, 5), ['a'], 'must be a text, and is a list'],
    [text(1, 5), { a: 1 }, 'must be a text, and is an object'],
    [text(1, 5), 7, 'must be a text, and is the number 7'],
    [text(1, 5), true, 'must be a text, and is true'],
    [identifier(1, 5), ' a', 'must not begin or end with a blank'],
    [identifier(1, 5), 'a\nb', 'must not hold control characters'],
    [integer(1), '7', 'must be a whole number, and is the text "7"'],
    [integer(1), 1.5, 'must be a whole number, and is the number 1.5'],
    [integer(1), 2 ** 53, 'must be at most 9007199254740991'],
    [integer(1), 0, 'must be at least 1'],
    [list(text(1, 5)), [], 'must have at least 1 entry'],
    [list(text(1, 5)), {}, 'must be a list, and is an object'],
    [object({}), [], 'must be an object, and is a list'],
    [boolean, 1, 'must be true or false'],
    [narrow(text(1, 5), (given) => given === 'a' || given === 'b', 'must be a or b'), 'c', 'must be a or b'],
    [narrow(text(1, 1), (given) => given === 'a', 'must be a'), '', 'must not be empty'],
    [where(integer(1), (given) => (given % 2 ? 'must be even' : undefined)), 3, 'must be even'],
    [where(integer(1), (given) => (given % 2 ? 'must be even' : undefined)), 0, 'must be at least 1'],
    [json, Number.NaN, 'must be a finite number'],
    [json, 2 ** 53, 'is an integer too large to be carried exactly; write it as a text'],
    [json, undefined, 'must be JSON, and is undefined'],
  ])('%#: %j', (check, value, message) => {
    expect(issuesOf(check, value, ['at'])).toEqual([{ path: 'at', message }]);
  });

  it('is there for a field that is missing, and for one too many', () => {
    const check = object({ a: text(1, 5), b: optional(text(1, 5)) });
    expect(issuesOf(check, { c: 1 }, ['at'])).toEqual([
      { path: 'at.a', message: 'is missing' },
      { path: 'at.c', message: 'is not a field of this request' },
    ]);
  });

  it('names twenty fields too many, and counts the others', () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));
    expect(issuesOf(object({}), fields(20))).toHaveLength(20);
    const issues = issuesOf(object({}), fields(21), ['at']);
    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toEqual({ path: 'at', message: 'has 1 more fields that it must not have' });
  });
});

it.each([true, false])('a check of a flag lets %j through', (value) => {
  expect(issuesOf(boolean, value)).toEqual([]);
});

it('a path that begins with an index keeps every dot', () => {
  expect(issuesOf(list(object({ a: text(1, 5) })), [{}])).toEqual([{ path: '[0].a', message: 'is missing' }]);
});

describe('a text of others', () => {
  it.each([
    ['of forty characters is shown whole', 'x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['of more is cut off', `a${'x'.repeat(40)}`, `"a${'x'.repeat(39)}…"`],
    ['stays on one line', 'a\n\u2028\u2029b', '"a\\n\\u2028\\u2029b"'],
    ['cannot steer a terminal', '\u001b\u007f\u009b', '"\\u001b\\u007f\\u009b"'],
  ])('%s', (_, given, shown) => {
    expect(quoted(given)).toBe(shown);
  });
});

describe('the path of a field', () => {
  it.each([
    ['a_b-c$', 'a_b-c$'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), `["${'x'.repeat(40)}…"]`],
    ['a b', '["a b"]'],
    ['', '[""]'],
  ])('%j', (name, path) => {
    expect(issuesOf(object({}), { [name]: 1 })).toMatchObject([{ path }]);
    expect(issuesOf(object({ outer: object({}) }), { outer: { [name]: 1 } })).toMatchObject([
      { path: path.startsWith('[') ? `outer${path}` : `outer.${path}` },
    ]);
  });
});
