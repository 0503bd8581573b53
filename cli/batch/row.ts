import type { ValidationIssue } from '../../internal/check.js';
import { checkRequest } from '../../rules/check-request.js';
import type { IdTemplate } from './id-template.js';

/** One refund of a batch file. */
export interface Row {
  /** Its first line in the file. */
  line: number;
  /** A refund request where there are no mistakes. */
  request: unknown;
  /** Every mistake; its path is the place, such as `line 5, column 3 (amount)`. */
  issues: ValidationIssue[];
  /** Its last line, where a quoted cell goes on to another one. */
  lastLine?: number;
  /** The lines after it cannot be read. */
  isLastRead?: boolean;
}

/** One line as text, or the mistake in its encoding. */
export type TextLine = { line: number } & (
  | { text: string; lastLine?: number }
  | { issue: ValidationIssue; isLastRead?: boolean }
);

/**
 * The request of a row with its id, and every mistake of it.
 * @param written the mistakes in how the row is written; the fields that they name are not reported again
 * @param fieldOf what a path of the request is called in the file
 */
export function checkedRow(
  given: { readonly [field: string]: unknown },
  written: ValidationIssue[],
  {
    template,
    textOf,
    fieldOf = (path) => path,
  }: {
    template: IdTemplate | undefined;
    textOf: (column: string) => string | undefined;
    fieldOf?: (path: string) => string;
  },
): Omit<Row, 'line'> {
  const known = [...written];
  let request = given;
  if (template && given.refundRequestId !== undefined) {
    known.push({ path: 'refundRequestId', message: 'is given, and --id-template would make another id' });
  } else if (template) {
    const refundRequestId = template.fill(textOf);
    if (typeof refundRequestId === 'string') request = { ...given, refundRequestId };
    else known.push(refundRequestId);
  }
  const names = new Set(known.map(({ path }) => path));
  const others = checkRequest(request)
    .map(({ path, message }) => ({ path: fieldOf(path), message }))
    .filter(({ path }) => !names.has(path) && !(template && path === 'refundRequestId' && request === given));
  return { request, issues: [...known, ...distinct(others)] };
}

/** One column may stand for several fields, and its mistake is still one. */
function distinct(issues: ValidationIssue[]): ValidationIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue])).values()];
}
