import { afterEach, describe, expect, it } from 'vitest';
import { mutantsOf, withMutants } from '../../tools/mutation/mutants.js';
import { changeOf } from '../../tools/mutation/survivors.js';

afterEach(() => {
  globalThis.__mutation = undefined;
});

const changesOf = (source: string) => mutantsOf('a.ts', source).map(changeOf);

describe('what is changed', () => {
  it.each([
    [
      'a comparison',
      'if (a <= b) c();',
      ['a <= b ⇒ true', 'a <= b ⇒ false', 'a <= b ⇒ a < b', 'a <= b ⇒ a > b'],
    ],
    ['two conditions', 'x = a && b;', ['a && b ⇒ a || b', 'a && b ⇒ b', 'a && b ⇒ a']],
    ['a default', 'x = a ?? b;', ['a ?? b ⇒ b', 'a ?? b ⇒ a']],
    ['a denial', 'x = !a;', ['!a ⇒ a']],
    ['a choice', 'x = a ? b : c;', ['a ⇒ true', 'a ⇒ false']],
    ['a loop', 'while (a()) b();', ['a() ⇒ false']],
    ['a loop that runs once at least', 'do a(); while (b());', ['b() ⇒ false']],
    ['a loop that counts', 'for (a(); b(); c()) d();', ['b() ⇒ false']],
    ['arithmetic', 'x = a * b;', ['a * b ⇒ a / b']],
    ['an addition to a sum', 'x += a;', ['x += a ⇒ x -= a']],
    ['a step of a counter', 'x++;', ['x++ ⇒ x--']],
    ['a number', 'x = 7;', ['7 ⇒ 8']],
    ['a truth value', 'x = true;', ['true ⇒ false']],
    ['a text', "x = 'a';", ["'a' ⇒ ''"]],
    ['an empty text', "x = '';", ["'' ⇒ 'mutated'"]],
    ['a text in backquotes', 'x = `a`;', ["`a` ⇒ ''"]],
    ['a list', 'x = [a, b];', ['[a, b] ⇒ []', 'a ⇒ (left out)', 'b ⇒ (left out)']],
    ['an empty list', 'x = [];', ["[] ⇒ ['mutated']"]],
    ['an object', 'x = { a, ...b };', ['{ a, ...b } ⇒ {}', 'a ⇒ (left out)', '...b ⇒ (left out)']],
    ['a path through what may be absent', 'x = a?.b?.[c];', ['a?.b?.[c] ⇒ a?.b[c]', 'a?.b?.[c] ⇒ a.b?.[c]']],
    ['a method with a counterpart', 'x = a.some(b);', ['a.some(b) ⇒ a.every(b)']],
    ['a method without which there is a value too', 'x = a.trim();', ['a.trim() ⇒ a']],
    ['what a small function returns', 'x = (a) => a.b;', ['a.b ⇒ undefined']],
    ['a block', 'if (a) { b(); }', ['a ⇒ true', 'a ⇒ false', '{ b(); } ⇒ (left out)']],
    [
      'a step among others',
      '{ const a = 1; b(); }',
      ['{ const a = 1; b(); } ⇒ (left out)', '1 ⇒ 2', 'b(); ⇒ (left out)'],
    ],
    [
      'a pattern',
      'x = /^\\d{2}$/;',
      ['/\\d{2}$/', '/^\\d{2}/', '/^\\d{3}$/', '/^\\D{2}$/'].map((other) => `/^\\d{2}$/ ⇒ ${other}`),
    ],
  ])('%s', (_, source, expected) => {
    expect(changesOf(source)).toEqual(expected);
  });

  it.each([
    ['an import', "import { a } from 'b';"],
    ['a type', "type A = 'b' | { c: 1 }; let d: A | [true];"],
    ['the name of a property', "x = { 'a': b };"],
    ['a method that has no counterpart', 'a.toString();'],
    ['a link of a chain, for the rest would not be skipped any more', 'a?.b.trim().c;'],
  ])('not %s', (_, source) => {
    expect(changesOf(source).filter((change) => !/^\{ 'a': b \} ⇒|^a\?\./.test(change))).toEqual([]);
  });

  it('is told with its line', () => {
    const [mutant] = mutantsOf('a.ts', '\n\n  x = 7;\n', 40);
    expect(mutant).toMatchObject({ id: 40, file: 'a.ts', line: 3, code: 'x = 7;', original: '7' });
  });
});

/** The function `f` of a source that has all its mutants in it, with one of them active. */
function load(source: string, active?: number): (...given: unknown[]) => unknown {
  globalThis.__mutation = { isActive: (id) => id === active, begin() {} };
  return new Function(`${withMutants('a.ts', source, mutantsOf('a.ts', source))}\nreturn f;`)();
}

describe('a source with its mutants in it', () => {
  const source = `function f(list, most = 2) {
    const found = [];
    for (const each of list) {
      if (found.length < most && each?.kind !== 'other') found.push({ ...each, name: each.name.trim() });
    }
    found.reverse();
    switch (found.length) {
      case 0:
        return 'none';
      default:
        return [...found, found.length];
    }
  }`;
  const lists = [
    [],
    [
      { kind: 'one', name: ' a ' },
      { kind: 'other' },
      { kind: 'two', name: 'b' },
      { kind: 'three', name: 'c' },
    ],
  ];
  const outcomeOf = (f: (...given: unknown[]) => unknown) =>
    [...lists, [null]].map((list) => {
      try {
        return JSON.stringify(f(list));
      } catch (error) {
        return String(error);
      }
    });

  it('does what it did while none is active', () => {
    const plain = new Function(`${source}\nreturn f;`)();
    expect(outcomeOf(load(source))).toEqual(outcomeOf(plain));
  });

  it('does something else while any is active', () => {
    for (const mutant of mutantsOf('a.ts', source)) {
      expect(outcomeOf(load(source, mutant.id)), changeOf(mutant)).not.toEqual(outcomeOf(load(source)));
    }
  });
});
