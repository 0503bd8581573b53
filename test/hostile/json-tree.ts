import fc from 'fast-check';

/** JSON as it is written, and not as it is read: a key may stand twice, and a number may be of any length. */
export type Tree =
  | { kind: 'token'; text: string }
  | { kind: 'list'; items: Tree[] }
  | { kind: 'object'; members: [key: string, value: Tree][] };

const token = (text: string): Tree => ({ kind: 'token', text });

/** Texts that are no JSON numbers for JavaScript, or hardly. */
export const NUMBERS = [
  '1e400',
  '-1e400',
  '-1234',
  '123456789012345678901234567890',
  '9007199254740993',
  '0.1e-400',
  '-0',
  '12.340',
  '1E3',
];

/** Pieces of texts that have power somewhere: over objects, terminals, pages, headers, files. */
export const WORDS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'SUCCESS',
  'S',
  'FAIL',
  '\ud800',
  '\udfff\ud800',
  '\u0000',
  'a\r\nSet-Cookie: b',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  '\u202edeifirev',
  '\u2028',
  '](https://evil.example)',
  '<img src=x>',
  'x'.repeat(65),
  '退'.repeat(65),
  '',
];

/** Any text, halves of surrogate pairs included. */
export const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff)))
  .map((codes) => String.fromCharCode(...codes));

/** Texts of JSON of any shape, with the keys that an answer has among others. */
export function trees(keys: readonly string[]): fc.Arbitrary<Tree> {
  const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys) }, fc.constantFrom(...WORDS));
  return fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...NUMBERS, 'true', 'false', 'null', '0', '1234').map(token),
      fc.constantFrom(...WORDS).map((text) => token(JSON.stringify(text))),
      anyText.map((text) => token(JSON.stringify(text))),
      fc.array(tie('tree'), { maxLength: 3 }).map((items): Tree => ({ kind: 'list', items })),
      fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 5 })
        .map((members): Tree => ({ kind: 'object', members })),
    ),
  })).tree;
}

/** The tree as text. */
export function textOf(tree: Tree): string {
  if (tree.kind === 'token') return tree.text;
  if (tree.kind === 'list') return `[${tree.items.map(textOf).join(',')}]`;
  return `{${tree.members.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`;
}

/** Whether any object of it has a key twice. */
export function isAmbiguous(tree: Tree): boolean {
  if (tree.kind === 'token') return false;
  if (tree.kind === 'list') return tree.items.some(isAmbiguous);
  const keys = tree.members.map(([key]) => key);
  return new Set(keys).size < keys.length || tree.members.some(([, value]) => isAmbiguous(value));
}
