import { fingerprint } from '../../client/fingerprint.js';
import type { ValidationIssue } from '../../internal/check.js';
import type { RefundRequest } from '../../rules/request.js';
import { CliError } from '../failure.js';
import { counted } from '../terminal.js';
import { type BatchFile, rowsOf } from './rows.js';

/** What a batch file holds. Of its refunds only hashes are kept, so that its size does not matter. */
export interface Validated {
  /** How many refunds it has. */
  count: number;
  /** Every mistake of a line, by its number. */
  mistakes: Map<number, ValidationIssue[]>;
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
  const repeats = (line: number, first: number, what: string) => {
    mistakes.set(line, [{ path: `line ${line}`, message: `has ${what} as line ${first}` }]);
    // Its first repeat is enough: thousands of lines may be the same.
    if (!mistakes.has(first))
      mistakes.set(first, [{ path: `line ${first}`, message: `has ${what} as line ${line}` }]);
  };
  let count = 0;
  for await (const { line, request, issues } of rowsOf(file)) {
    count += 1;
    if (issues.length > 0) {
      mistakes.set(line, issues);
      continue;
    }
    const refund = request as RefundRequest;
    const sameId = earlier(ids, fingerprint(refund.refundRequestId), line);
    const sameOrder = allowAnother ? undefined : earlier(orders, orderOf(refund), line);
    if (sameId !== undefined) repeats(line, sameId, 'the same refundRequestId');
    else if (sameOrder !== undefined) repeats(line, sameOrder, ORDER[refund.product]);
  }
  if (count === 0) throw new CliError('INVALID_REQUEST', `${file.name} has no refunds. Nothing was started.`);
  return { count, mistakes, has: (id) => ids.has(fingerprint(id)) };
}

const ORDER = {
  worldtrade:
    'the same tradeId, and a second refund of an order may pay the customer twice (--allow-another),',
  cashier: 'the same refund under another id, which would pay the customer twice (--allow-another),',
};

function earlier(lines: Map<string, number>, hash: string, line: number): number | undefined {
  const found = lines.get(hash);
  if (found === undefined) lines.set(hash, line);
  return found;
}

/** WorldTrade refunds an order whole. A payment may be refunded in parts, but not twice in the same way. */
function orderOf(request: RefundRequest): string {
  if (request.product === 'worldtrade') return fingerprint([request.product, request.tradeId]);
  const { refundRequestId: _, ...rest } = request;
  return fingerprint(rest);
}

/** Every mistake, in the order of the lines. */
export function mistakesOf({ mistakes }: Validated): ValidationIssue[] {
  return [...mistakes].sort(([a], [b]) => a - b).flatMap(([, issues]) => issues);
}

/** The error with all of them. */
export function mistakesError(validated: Validated): CliError {
  return new CliError(
    'INVALID_REQUEST',
    `${validated.mistakes.size} of ${counted(validated.count)} have mistakes. Nothing was started.`,
    mistakesOf(validated),
  );
}
