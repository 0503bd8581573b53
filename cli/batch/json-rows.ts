import { isObject } from '../../internal/check.js';
import { JsonMistake, parseJson } from '../../internal/json-text.js';
import type { IdTemplate } from './id-template.js';
import { checkedRow, type Row, type TextLine } from './row.js';

/** The refunds of an NDJSON file: one JSON object a line. Blank lines are left out. */
export async function* jsonRows(
  lines: AsyncIterable<TextLine>,
  template: IdTemplate | undefined,
): AsyncIterable<Row> {
  for await (const each of lines) {
    const { line } = each;
    if ('issue' in each) yield { line, request: undefined, issues: [each.issue] };
    else if (each.text.trim() !== '') yield { line, ...jsonRow(each.text.trimEnd(), line, template) };
  }
}

function jsonRow(text: string, line: number, template: IdTemplate | undefined): Omit<Row, 'line'> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    const [, column, what] = /^line 1, (column \d+): (.*)$/.exec(error.message) ?? [];
    const issue = { path: `line ${line}, ${column}`, message: `is not valid JSON: ${what}` };
    return { request: undefined, issues: [issue] };
  }
  if (!isObject(value)) {
    const issue = { path: `line ${line}`, message: 'must be a JSON object: one refund a line' };
    return { request: undefined, issues: [issue] };
  }
  const { request, issues } = checkedRow(value, [], { template, textOf: (path) => valueAt(value, path) });
  const place = (path: string) => (path === '' ? `line ${line}` : `line ${line} (${path})`);
  return { request, issues: issues.map(({ path, message }) => ({ path: place(path), message })) };
}

/** The text or whole number at a dotted path. */
function valueAt(value: unknown, path: string): string | undefined {
  let found = value;
  for (const key of path.split('.'))
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  if (typeof found === 'string') return found;
  return Number.isSafeInteger(found) ? String(found) : undefined;
}
