import { type Change, MUTATORS } from './mutators.js';
import { linksOf, type Node, parse, partsOf } from './syntax.js';

/** One change of one file. */
export interface Mutant extends Change {
  id: number;
  file: string;
  /** Counted from 1. */
  line: number;
  /** The text of that line. */
  code: string;
  original: string;
}

/** Every mutant of a source, with ids from `firstId` on. */
export function mutantsOf(file: string, source: string, firstId = 1): Mutant[] {
  const textOf = ({ start, end }: Node) => source.slice(start, end);
  const seen = new Set<string>();
  return changesOf(parse(file, source), textOf)
    .filter(({ at, shape, replacement }) => {
      const key = `${at.start} ${at.end} ${shape} ${replacement}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.at.start - b.at.start)
    .map((change, index) => {
      const begin = source.lastIndexOf('\n', change.at.start) + 1;
      const code = source.slice(begin).split('\n', 1)[0] as string;
      const line = source.slice(0, begin).split('\n').length;
      return { ...change, id: firstId + index, file, line, code: code.trim(), original: textOf(change.at) };
    });
}

function changesOf(root: Node, textOf: (node: Node) => string): Change[] {
  const links = new Set<Node>();
  const changes: Change[] = [];
  const visit = (node: Node) => {
    if (node.type === 'ChainExpression') for (const link of linksOf(node)) links.add(link);
    if (!links.has(node)) changes.push(...(MUTATORS[node.type]?.(node, textOf) ?? []));
    partsOf(node).forEach(visit);
  };
  visit(root);
  return changes;
}

/** The name of the function that tells whether a mutant is active. */
const ASK = '__isActive';

/** The source with all its mutants in it; {@link ASK} decides at run time which one is active. */
export function withMutants(file: string, source: string, mutants: readonly Mutant[]): string {
  const changes = new Map<string, Mutant[]>();
  const keyOf = ({ start, end, type }: Node) => `${start} ${end} ${type}`;
  for (const mutant of mutants) {
    const key = keyOf(mutant.at);
    changes.set(key, [...(changes.get(key) ?? []), mutant]);
  }
  const render = (node: Node): string => {
    let text = '';
    let end = node.start;
    for (const part of partsOf(node)) {
      text += source.slice(end, part.start) + render(part);
      end = part.end;
    }
    text += source.slice(end, node.end);
    // The outermost are those that leave the whole node out.
    const ours = [...(changes.get(keyOf(node)) ?? [])].sort((a, b) => outer(a) - outer(b));
    return ours.reduce((inner, mutant) => applied(mutant, inner), text);
  };
  const outer = ({ shape }: Mutant) => (shape === 'expression' ? 0 : 1);
  return `const ${ASK} = globalThis.__mutation?.isActive ?? (() => false);${render(parse(file, source))}`;
}

function applied({ id, replacement, shape }: Mutant, inner: string): string {
  const isActive = `${ASK}(${id})`;
  switch (shape) {
    case 'expression':
      return `(${isActive} ? (${replacement}) : ${inner})`;
    case 'statement':
      return `if (!${isActive}) ${inner}`;
    case 'block':
      return `{ if (!${isActive}) ${inner} }`;
    case 'element':
      return `...(${isActive} ? [] : [${inner}])`;
    case 'property':
      return `...(${isActive} ? {} : {${inner}})`;
  }
}
