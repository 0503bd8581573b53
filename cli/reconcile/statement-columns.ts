import { CliError } from '../failure.js';

/** What a statement says of one payment. */
const FIELDS = ['id', 'refundId', 'amount', 'currency', 'status', 'date'] as const;

/** A field of a statement. */
export type StatementField = (typeof FIELDS)[number];

/** The column of each field, by the statement's own names. */
export type StatementColumns = Partial<Record<StatementField, string>>;

const EXAMPLE = "'id=Merchant Ref,amount=Amount,currency=Ccy'";

/**
 * Reads `id=Merchant Ref,amount=Amount,currency=Ccy`.
 * @throws CliError that names what is wrong with it
 */
export function statementColumns(text: string): StatementColumns {
  const wrong = (problem: string) =>
    new CliError('USAGE', `--columns ${problem}. Write it such as ${EXAMPLE}. Nothing was compared.`);
  const columns: StatementColumns = {};
  for (const part of text.split(',')) {
    const [field = '', ...rest] = part.split('=');
    const [name, column] = [field.trim() as StatementField, rest.join('=').trim()];
    if (!FIELDS.includes(name)) throw wrong(`names "${name}", and the fields are: ${FIELDS.join(', ')}`);
    if (column === '') throw wrong(`gives no column for ${name}`);
    if (columns[name] !== undefined) throw wrong(`gives two columns for ${name}`);
    columns[name] = column;
  }
  if (columns.id === undefined && columns.refundId === undefined)
    throw wrong(
      'needs id (the request id that was sent to WorldFirst) or refundId (the id that WorldFirst gave)',
    );
  if (columns.amount === undefined) throw wrong('needs amount');
  return columns;
}
