import { fingerprint } from '../../client/fingerprint.js';
import { isObject, type ValidationIssue } from '../../internal/check.js';
import { CliError } from '../failure.js';
import { counted } from '../terminal.js';
import { type BatchFile, rowsOf } from './rows.js';

/** What a batch file holds. Of its refunds only hashes are kept, so that its size does not matter. */
export interface Validated {
  /** How many refunds it has. */
  count: number;
  /** Every mistake of a line, by its number. */
  mistakes: Map<number, ValidationIssue[]>;
  /** Whether the file could not be read to its end. */
  isCut: boolean;
  /** The first lines of refunds that go on to other lines, each with its last one. */
  spans: Map<number, number>;
  /** Whether a refund with this id is in the file. */
  has(refundRequestId: string): boolean;
}

/**
 * Reads a whole batch file, and finds every mistake in it: of each line, and lines that repeat another one.
 * @param allowAnother lets the file have several refunds of one order
 * @throws CliError where the file has no refunds
 */
export async function validate(file: BatchFile, allowAnother: boolean): Promise<Validated> {
  const ids = new Map<string, number>();
  const orders = new Map<string, number>();
  const mistakes = new Map<number, ValidationIssue[]>();
  const repeated = new Set<number>();
  const add = (line: number, issue: ValidationIssue) =>
    mistakes.set(line, [...(mistakes.get(line) ?? []), issue]);
  const repeats = (line: number, first: number, textFor: (other: number) => string) => {
    add(line, { path: `line ${line}`, message: textFor(first) });
    // Its first repeat is enough: thousands of lines may be the same.
    if (!repeated.has(first)) add(first, { path: `line ${first}`, message: textFor(line) });
    repeated.add(first).add(line);
  };
  let count = 0;
  let isCut = false;
  const spans = new Map<number, number>();
  for await (const { line, lastLine, request, issues, isLastRead = false } of rowsOf(file)) {
    count += 1;
    isCut ||= isLastRead;
    if (lastLine !== undefined) spans.set(line, lastLine);
    for (const issue of issues) add(line, issue);
    const sameId = earlier(ids, idOf(request), line);
    const order = allowAnother ? undefined : orderOf(request, issues.length === 0);
    const sameOrder = earlier(orders, order?.key, line);
    if (sameId !== undefined) repeats(line, sameId, SAME_ID);
    else if (order && sameOrder !== undefined) repeats(line, sameOrder, order.textFor);
  }
  if (count === 0) throw new CliError('INVALID_REQUEST', `${file.name} has no refunds. Nothing was done.`);
  return { count, mistakes, isCut, spans, has: (id) => ids.has(fingerprint(id)) };
}

/** A value that only one line may have. */
interface Unique {
  key: string;
  /** What is wrong with a line that has it too. */
  textFor(other: number): string;
}

const SAME_ID = (other: number) => `has the same refundRequestId as line ${other}`;

function earlier(lines: Map<string, number>, key: string | undefined, line: number): number | undefined {
  if (key === undefined) return undefined;
  const found = lines.get(key);
  if (found === undefined) lines.set(key, line);
  return found;
}

/** Also of a line with mistakes: it is corrected sooner where all of them are known. */
function idOf(request: unknown): string | undefined {
  const id = isObject(request) ? request.refundRequestId : undefined;
  return typeof id === 'string' ? fingerprint(id) : undefined;
}

/** WorldTrade refunds an order whole. A payment may be refunded in parts, but not twice in the same way. */
function orderOf(request: unknown, isValid: boolean): Unique | undefined {
  if (!isObject(request)) return undefined;
  const { product, tradeId, refundRequestId: _, ...rest } = request;
  if (product === 'worldtrade' && typeof tradeId === 'string')
    return {
      key: fingerprint([product, tradeId]),
      textFor: (other) =>
        `has the same tradeId as line ${other}: a second refund of an order may pay the customer twice. If it is meant, use --allow-another`,
    };
  if (product === 'cashier' && isValid)
    return {
      key: fingerprint({ product, ...rest }),
      textFor: (other) =>
        `is the same refund as line ${other} under another id: it would pay the customer twice. If it is meant, use --allow-another`,
    };
  return undefined;
}

/** Every mistake, in the order of the lines. */
export function mistakesOf({ mistakes }: Validated): ValidationIssue[] {
  return [...mistakes].sort(([a], [b]) => a - b).flatMap(([, issues]) => issues);
}

/** The error with all of them. */
export function mistakesError(validated: Validated): CliError {
  return new CliError(
    'INVALID_REQUEST',
    `${validated.mistakes.size} of ${counted(validated.count)} have mistakes. Nothing was done.`,
    mistakesOf(validated),
  );
}
