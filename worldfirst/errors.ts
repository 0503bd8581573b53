import type { z } from 'zod';

/** One mistake of an input: where it is, and what is wrong with it. */
export interface InputIssue {
  /** `refundToDetails[0].refundAmount.value`; empty for the input as a whole. */
  path: string;
  message: string;
}

/** Options that cannot be right. It names every mistake at once; no call was made. */
export class InvalidInputError extends TypeError {
  override name = 'InvalidInputError';
  /** Every mistake. */
  readonly issues: readonly InputIssue[];

  /** @param what the input's name, for the message */
  constructor(what: string, error: z.ZodError) {
    const issues = issuesOf(error);
    super(
      `The input of ${what} is not valid:${sentencesOf(issues)
        .map((line) => `\n  ${line}`)
        .join('')}`,
    );
    this.issues = issues;
  }
}

/** Each issue of a schema with its path as people write it. */
export function issuesOf(error: z.ZodError): InputIssue[] {
  return error.issues.map(({ path, message }) => ({ path: pathOf(path), message }));
}

function pathOf(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

/** `path: message` for each. */
export function sentencesOf(issues: readonly InputIssue[]): string[] {
  return issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
}
