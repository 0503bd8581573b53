import { CliError } from '../failure.js';

/** Makes an id from the columns of a row: the same row always has the same id. */
export interface IdTemplate {
  /** The columns that it uses. */
  columns: readonly string[];
  /**
   * The id of a row.
   * @param textOf the text of a column; undefined where the row has none
   * @returns the id, or the column with which it cannot be made and what is wrong with it
   */
  fill(textOf: (column: string) => string | undefined): string | { path: string; message: string };
}

/**
 * Reads a template such as `recall-2026-{tradeId}`.
 * @throws CliError where it is not one, or where it would give each row the same id
 */
export function idTemplate(template: string): IdTemplate {
  const parts = template.split(/(\{[^{}]*\})/);
  const columns: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isPlace = index % 2 === 1;
    if (isPlace) columns.push(part.slice(1, -1));
    if (isPlace ? part === '{}' : /[{}]/.test(part))
      throw mistake(template, 'each brace must be part of the name of a column in braces');
  }
  if (columns.length === 0) throw mistake(template, 'it uses no column, so every row would have the same id');
  if (columns.includes('refundRequestId'))
    throw mistake(template, 'it makes refundRequestId, so it cannot use it');
  return {
    columns,
    fill: (textOf) => {
      for (const path of columns) {
        const value = textOf(path) ?? '';
        if (value === '') return { path, message: 'is empty, and --id-template needs it' };
        // Two texts that look alike would make two ids.
        if (value !== value.trim()) return { path, message: 'must not begin or end with a blank' };
      }
      return parts.map((part, index) => (index % 2 === 1 ? textOf(part.slice(1, -1)) : part)).join('');
    },
  };
}

function mistake(template: string, what: string): CliError {
  return new CliError(
    'USAGE',
    `--id-template '${template}' is not valid: ${what}. Example: 'recall-2026-{tradeId}'. Nothing was done.`,
  );
}
