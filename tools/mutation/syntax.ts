import { parseSync, visitorKeys } from 'oxc-parser';

/** One node of a syntax tree, as far as it is looked at here. */
export interface Node {
  type: string;
  start: number;
  end: number;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of node has fields of its own, and mutators know theirs.
  [field: string]: any;
}

/** The syntax tree of a TypeScript source. */
export function parse(file: string, source: string): Node {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return program as unknown as Node;
}

/** What wraps an expression in types, and is nothing at run time. */
const ONLY_TYPES = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'];

/** The parts of a node that run: no types, no imports, and no names of properties. */
export function partsOf(node: Node): Node[] {
  if (ONLY_TYPES.includes(node.type)) return [node.expression];
  if (node.type.startsWith('TS') || node.type.startsWith('Import')) return [];
  const keys = (visitorKeys[node.type] ?? []).filter((key) => {
    if (key === 'key') return node.computed;
    if (key === 'source' || key === 'specifiers' || key === 'quasis') return false;
    // Replacing the callee would cost the call its `this`; what is within it is looked at all the same.
    return !(node.type === 'TaggedTemplateExpression' && key === 'quasi');
  });
  return keys
    .flatMap((key) => node[key] as Node | null | (Node | null)[])
    .filter((part): part is Node => part !== null && part !== undefined)
    .sort((a, b) => a.start - b.start);
}

/** The links of `a?.b.c()` from its end to its begin. None can be replaced alone: the rest would not be skipped any more. */
export function linksOf(chain: Node): Node[] {
  const links: Node[] = [];
  for (let link = chain.expression; link; link = link.object ?? link.callee ?? link.expression) {
    if (!['MemberExpression', 'CallExpression', 'TSNonNullExpression'].includes(link.type)) break;
    links.push(link);
  }
  return links;
}
