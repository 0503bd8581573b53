import { linksOf, type Node } from './syntax.js';

/** How a change is put into the source, by what may stand where it is. */
type Shape = 'expression' | 'statement' | 'block' | 'element' | 'property';

/** One small change of the source: the text that takes the place of a node. */
export interface Change {
  at: Node;
  replacement: string;
  shape: Shape;
}

type Mutator = (node: Node, textOf: (node: Node) => string) => Change[];

const OPPOSITE: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '&&': ['||'],
  '||': ['&&'],
  '++': ['--'],
  '--': ['++'],
  '+=': ['-='],
  '-=': ['+='],
};
const COMPARISONS = ['===', '!==', '<', '<=', '>', '>='];

/** Methods of which each can take the other's place. */
const METHOD_PAIRS = [
  ['some', 'every'],
  ['startsWith', 'endsWith'],
  ['padStart', 'padEnd'],
  ['toLowerCase', 'toUpperCase'],
];
/** Methods without which there is still a value of the same kind. */
const LEFT_OUT = ['filter', 'replace', 'replaceAll', 'reverse', 'slice', 'sort', 'trim'];

/** Parts of a regular expression, and what takes their place. */
const REGEX_PARTS: [part: RegExp, replacement: (part: string) => string][] = [
  [/^\^/g, () => ''],
  [/\$$/g, () => ''],
  [/\d+(?=[,}])/g, (digits) => String(Number(digits) + 1)],
  [/(?<!\\)\+/g, () => '*'],
  [/(?<!\\)\*/g, () => '+'],
  [/(?<=[\])\w])\?/g, () => ''],
  [/\[\^/g, () => '['],
  [/\[(?!\^)/g, () => '[^'],
  [/\\[dsw]/g, (letter) => letter.toUpperCase()],
  [/(?<=\/)i$/g, () => ''],
];

const instead = (at: Node, ...replacements: string[]): Change[] =>
  replacements.map((replacement) => ({ at, replacement, shape: 'expression' }));
const without = (at: Node, shape: Shape): Change => ({ at, replacement: '', shape });

/** The text of a node with another operator between its two sides. */
function otherOperators(node: Node, textOf: (node: Node) => string): Change[] {
  const { left, right, operator } = node;
  return instead(
    node,
    ...(OPPOSITE[operator] ?? []).map((other) => `${textOf(left)} ${other} ${textOf(right)}`),
  );
}

const isComparison = ({ type, operator }: Node) =>
  type === 'BinaryExpression' && COMPARISONS.includes(operator);

/** What is changed, by the kind of node. All that reads like a rule is: each value, each condition, each step. */
export const MUTATORS: Record<string, Mutator> = {
  BinaryExpression: (node, textOf) => [
    ...otherOperators(node, textOf),
    ...(isComparison(node) ? instead(node, 'true', 'false') : []),
  ],
  LogicalExpression: (node, textOf) => [
    ...otherOperators(node, textOf),
    // A comparison becomes true or false by itself.
    ...[node.left, node.right]
      .filter((side) => !isComparison(side))
      .flatMap((side) => instead(node, textOf(side === node.left ? node.right : node.left))),
  ],
  AssignmentExpression: otherOperators,
  UpdateExpression: (node, textOf) => instead(node, `${textOf(node.argument)}${OPPOSITE[node.operator]}`),
  UnaryExpression: (node, textOf) =>
    ['!', '-'].includes(node.operator) ? instead(node, textOf(node.argument)) : [],
  IfStatement: ({ test }) => instead(test, 'true', 'false'),
  ConditionalExpression: ({ test }) => instead(test, 'true', 'false'),
  WhileStatement: ({ test }) => instead(test, 'false'),
  DoWhileStatement: ({ test }) => instead(test, 'false'),
  ForStatement: ({ test }) => (test ? instead(test, 'false') : []),

  Literal: (node) => {
    if (typeof node.value === 'boolean') return instead(node, String(!node.value));
    if (typeof node.value === 'number') return instead(node, String(node.value + 1));
    if (typeof node.value === 'string') return instead(node, node.value === '' ? "'mutated'" : "''");
    return node.regex ? instead(node, ...otherPatterns(node.raw)) : [];
  },
  TemplateLiteral: (node) => instead(node, "''"),
  ArrayExpression: (node) => [
    ...instead(node, node.elements.length === 0 ? "['mutated']" : '[]'),
    ...(node.elements.length > 1 ? node.elements.map((each: Node) => without(each, 'element')) : []),
  ],
  ObjectExpression: (node) => [
    ...(node.properties.length > 0 ? instead(node, '{}') : []),
    ...(node.properties.length > 1 ? node.properties.map((each: Node) => without(each, 'property')) : []),
  ],

  ChainExpression: (node, textOf) =>
    linksOf(node)
      .filter(({ optional }) => optional)
      .flatMap((link) => {
        const begin = (link.object ?? link.callee).end - node.start;
        const text = textOf(node);
        const rest = text.slice(begin).replace(/^\?\.(?=[[(])|^\?(?=\.)/, '');
        return instead(node, text.slice(0, begin) + rest);
      }),
  CallExpression: (node, textOf) => {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.computed) return [];
    const { name } = callee.property;
    if (LEFT_OUT.includes(name)) return instead(node, textOf(callee.object));
    const other = METHOD_PAIRS.find((pair) => pair.includes(name))?.find((each) => each !== name);
    const rest = textOf(node).slice(callee.end - node.start);
    return other ? instead(node, `${textOf(callee.object)}.${other}${rest}`) : [];
  },
  ArrowFunctionExpression: ({ body }) =>
    body.type === 'BlockStatement' || body.type === 'Identifier' ? [] : instead(body, 'undefined'),

  BlockStatement: (node) => [
    ...(node.body.length > 0 ? [without(node, 'block')] : []),
    ...(node.body.length > 1 ? withoutSteps(node.body) : []),
  ],
  SwitchCase: ({ consequent }) => withoutSteps(consequent),
};

function withoutSteps(statements: Node[]): Change[] {
  return statements
    .filter(({ type }) => type === 'ExpressionStatement')
    .map((statement) => without(statement, 'statement'));
}

/** A regular expression with one of its parts changed, each time another. */
function otherPatterns(raw: string): string[] {
  const end = raw.lastIndexOf('/');
  const [pattern, flags] = [raw.slice(1, end), raw.slice(end + 1)];
  const others = REGEX_PARTS.flatMap(([part, replacement]) =>
    [...pattern.matchAll(part)].map(
      ({ 0: found, index }) =>
        pattern.slice(0, index) + replacement(found) + pattern.slice(index + found.length),
    ),
  );
  return others.filter((other) => isPattern(other, flags)).map((other) => `/${other}/${flags}`);
}

function isPattern(pattern: string, flags: string): boolean {
  try {
    return pattern !== '' && new RegExp(pattern, flags) !== undefined;
  } catch {
    return false;
  }
}
