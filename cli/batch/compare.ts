import type { CheckManyItem } from '../../client/check-many.js';
import type { RefundSummary } from '../../client/list-refunds.js';
import type { RefundClient } from '../../client/refund-client.js';
import type { ValidationIssue } from '../../internal/check.js';
import { formatAmount, totalOf } from '../../rules/money.js';
import { hasOutcome, isTaken } from '../../rules/outcome.js';
import { CliError } from '../failure.js';
import { Progress } from '../progress.js';
import { terminalText } from '../terminal.js';
import { resultLine } from './results.js';
import { requestsOf } from './rows.js';
import type { BatchRun } from './run.js';

/**
 * Compares the valid lines with Temporal's list, before anything starts. Lines that are not to be started get their result.
 * @returns why lines are refused
 * @throws CliError where it was stopped
 */
export async function compareWithList(
  run: BatchRun,
  refunds: RefundClient,
  signal: AbortSignal,
): Promise<ValidationIssue[]> {
  const { file, record, validated, invocation } = run;
  const { options, output } = invocation;
  const { allowAnother = false } = options;
  const progress = new Progress(output, 'checked', validated.count - validated.mistakes.size);
  const refused: ValidationIssue[] = [];
  const requests = requestsOf(file, ({ line }) => !record.has(line));
  for await (const checked of refunds.checkMany(requests.iterable, { allowAnother, signal })) {
    progress.step();
    const item = allowAnother ? checked : withOther(checked, validated.has);
    if (item.result === 'new') {
      record.plan(item.request);
      continue;
    }
    const line = resultLine(requests.lineOf(item.request), { ...item, result: item.result });
    record.write(line);
    if (!line.error) continue;
    const issue = { path: `line ${line.line} (${line.refundRequestId})`, message: line.error.message };
    if (line.result !== 'stopped') refused.push(issue);
    if (line.result === 'stopped' || options.skipRefused) {
      progress.clear();
      output.note(terminalText(`${issue.path}: ${issue.message}`));
    }
  }
  progress.clear();
  if (signal.aborted) throw stopped();
  return refused;
}

/** The error after Ctrl-C before the first start. */
export function stopped(): CliError {
  return new CliError('INTERRUPTED', 'stopped: nothing was started.');
}

/**
 * A payment may be refunded in parts, and those of one file belong together. From elsewhere an open refund may be the same one,
 * and so may one of the same amount that moved money: the same file with other ids, say.
 */
function withOther(item: CheckManyItem, isInFile: (id: string) => boolean): CheckManyItem {
  if (item.result !== 'new' || item.request.product !== 'cashier') return item;
  const total = totalOf(item.request.refundToDetails.map((each) => each.refundAmount));
  const amount = total && formatAmount(total);
  const isSame = ({ status, amount: other }: RefundSummary) =>
    isTaken(status) && other !== undefined && other === amount;
  const other = item.others.find(
    (each) => !isInFile(each.refundRequestId) && (!hasOutcome(each.status) || isSame(each)),
  );
  if (!other) return item;
  const what = hasOutcome(other.status) ? 'refund of the same amount' : 'open refund';
  const error = new CliError(
    'ANOTHER_REFUND',
    `The payment "${item.request.payToId}" has another ${what}, "${other.refundRequestId}" (${other.status}), which is not in this file. ` +
      'Nothing was started. A second refund may pay the customer twice; to start it anyway, use --allow-another.',
  );
  return { ...item, result: 'another-refund', error };
}
