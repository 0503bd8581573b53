import { addAmount, formatSums, type Sums, totalsOf } from '../../rules/money.js';
import type { RefundRequest } from '../../rules/request.js';
import { counted } from '../terminal.js';
import type { LinesFile } from './lines-file.js';
import type { LineResult, ResultLine } from './results.js';

/** What a run of `batch` has found and done so far. */
export class BatchRecord {
  readonly #file: LinesFile | undefined;
  readonly #startedBefore: ReadonlySet<string>;
  readonly #counts = new Map<LineResult, number>();
  readonly #written = new Set<number>();
  readonly #sums: Sums = new Map();
  #toStart = 0;
  #withoutAmount = 0;

  /**
   * @param file where each result is written; a dry run has none
   * @param startedBefore the ids of refunds that earlier runs started: each new results file says so as well
   */
  constructor(file: LinesFile | undefined, startedBefore: ReadonlySet<string>) {
    this.#file = file;
    this.#startedBefore = startedBefore;
  }

  /** A refund that is to be started. */
  plan(request: RefundRequest): void {
    this.#toStart += 1;
    if (request.product === 'worldtrade' && !request.refundAmount) this.#withoutAmount += 1;
    for (const amount of amountsOf(request)) addAmount(this.#sums, amount);
  }

  /** The result of one line. */
  write(result: ResultLine): void {
    const isKnown = this.#startedBefore.has(result.refundRequestId ?? '');
    this.#file?.write({ ...result, ...(isKnown && { startedBefore: true }) });
    this.#written.add(result.line);
    this.#counts.set(result.result, this.count(result.result) + 1);
  }

  /** Whether the line has a result. */
  has(line: number): boolean {
    return this.#written.has(line);
  }

  count(result: LineResult): number {
    return this.#counts.get(result) ?? 0;
  }

  /** How many refunds are to be started. */
  get toStart(): number {
    return this.#toStart;
  }

  /** What is to be started, by currency, such as `USD 12.34`. */
  get amounts(): string[] {
    return formatSums(this.#sums);
  }

  /** `2 refunds: USD 12.34`. */
  planText(): string {
    const orders = `${this.#withoutAmount === 1 ? '1 whole order' : `${this.#withoutAmount} whole orders`} without an amount in the file`;
    const parts = [...this.amounts, ...(this.#withoutAmount > 0 ? [orders] : [])];
    return `${counted(this.#toStart)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
  }

  /** What `--json` prints. */
  summary(found: number, dryRun: boolean) {
    return {
      found,
      ...(dryRun ? { toStart: this.#toStart } : { started: this.count('started') }),
      alreadyThere: this.count('already-there'),
      conflict: this.count('conflict'),
      anotherRefund: this.count('another-refund'),
      stopped: this.count('stopped'),
      invalid: this.count('invalid'),
      ...(!dryRun && { noAnswer: this.count('no-answer'), notTried: this.count('not-tried') }),
    };
  }
}

function amountsOf(request: RefundRequest) {
  if (request.product === 'cashier')
    return totalsOf(request.refundToDetails.map((each) => each.refundAmount));
  return request.refundAmount ? [request.refundAmount] : [];
}
