import type { CheckManyItem } from '../../client/check-many.js';
import type { ListedStatus } from '../../client/list-refunds.js';
import type { RefundClient } from '../../client/refund-client.js';
import { workflowIdOf } from '../../rules/ids.js';
import { hasOutcome } from '../../rules/outcome.js';
import type { Invocation } from '../command.js';
import { EXIT, type ExitCode } from '../failure.js';
import { Progress } from '../progress.js';
import { programName } from '../shell.js';
import { withRefunds } from '../temporal.js';
import { counted } from '../terminal.js';
import { isLineWith, LinesFile } from './lines-file.js';
import { type BatchFile, requestsOf } from './rows.js';
import { mistakesError, validate } from './validate.js';

/** The flags of `batch status`. */
export interface BatchStatusOptions {
  idTemplate?: string;
  outcomes?: string;
}

/**
 * `not-found`: Temporal has no such refund; `conflict`: the id belongs to a refund with different data; `invalid`: the line has
 * a mistake.
 */
type BatchStatus = ListedStatus | 'not-found' | 'conflict' | 'invalid';

// They are asked for at the same time.
const OUTCOMES_AT_ONCE = 20;

/** Shows how far the refunds of a batch file are, and writes their outcomes. */
export async function batchStatus(
  { options, output, env }: Invocation<BatchStatusOptions>,
  file: BatchFile,
): Promise<ExitCode> {
  const validated = await validate(file, true);
  if (validated.isCut) throw mistakesError(validated);
  const counts = new Map<BatchStatus, number>();
  // `--skip-refused` left them out.
  if (validated.mistakes.size > 0) counts.set('invalid', validated.mistakes.size);
  const reasons = new Map<string, number>();
  const outcomes =
    options.outcomes === undefined ? undefined : new LinesFile(options.outcomes, isLineWith('status'));
  const progress = new Progress(output, 'read', validated.count - validated.mistakes.size);
  try {
    await withRefunds(env, async (refunds) => {
      const requests = requestsOf(file, ({ line }) => !validated.mistakes.has(line));
      let waiting: CheckManyItem[] = [];
      const write = async () => {
        const lines = waiting.map((item) => outcomeLine(refunds, requests.lineOf(item.request), item));
        waiting = [];
        for (const line of await Promise.all(lines)) outcomes?.write(line);
      };
      for await (const item of refunds.checkMany(requests.iterable, { allowAnother: true })) {
        add(counts, statusOf(item));
        if (item.refund?.status === 'needs-attention' && item.refund.attention)
          add(reasons, item.refund.attention);
        progress.step();
        if (!outcomes) continue;
        waiting.push(item);
        if (waiting.length === OUTCOMES_AT_ONCE) await write();
      }
      await write();
    });
    outcomes?.publish();
  } finally {
    outcomes?.close();
    progress.clear();
  }
  const summary = { found: validated.count, ...Object.fromEntries(counts) };
  const document = { file: file.name, summary, attention: Object.fromEntries(reasons) };
  output.result({ ...document, ...(outcomes && { outcomes: options.outcomes }) }, () =>
    statusText(validated.count, counts, reasons, options.outcomes),
  );
  return exitCodeOf(counts);
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function statusOf({ result, refund }: CheckManyItem): BatchStatus {
  if (result === 'conflict') return 'conflict';
  return refund?.status ?? 'not-found';
}

async function outcomeLine(refunds: RefundClient, line: number, item: CheckManyItem) {
  const { refundRequestId } = item.request;
  const status = statusOf(item);
  const { attention, startedAt, endedAt } = item.refund ?? {};
  return {
    line,
    refundRequestId,
    workflowId: workflowIdOf(refundRequestId),
    status,
    ...(attention && { attention }),
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    ...(hasOutcome(status) && { outcome: await refunds.result(refundRequestId) }),
  };
}

function exitCodeOf(counts: ReadonlyMap<BatchStatus, number>): ExitCode {
  const some = (...statuses: BatchStatus[]) => statuses.some((status) => counts.has(status));
  if (some('needs-attention', 'stopped')) return EXIT.needsOperator;
  if (some('conflict')) return EXIT.conflict;
  if (some('preparing', 'applying', 'unknown', 'processing', 'not-found')) return EXIT.running;
  return some('failed', 'cancelled', 'invalid') ? EXIT.refused : EXIT.done;
}

const NOTES: Partial<Record<BatchStatus, string>> = {
  'not-found': 'never started, or deleted by Temporal after its retention',
  conflict: 'the id belongs to a refund with different data',
  invalid: 'the line has a mistake, and --skip-refused leaves it out',
  stopped: 'the workflow was terminated or failed, and the money may have moved',
  unknown: 'started; its result is not known yet',
};

function statusText(
  total: number,
  counts: ReadonlyMap<BatchStatus, number>,
  reasons: ReadonlyMap<string, number>,
  outcomes: string | undefined,
): string {
  const width = String(total).length;
  const lines = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([status, count]) => {
      const note = NOTES[status];
      return `  ${String(count).padStart(width)}  ${status}${note ? ` (${note})` : ''}`;
    });
  const needs = [...reasons].map(([reason, count]) => `  ${String(count).padStart(width)}  ${reason}`);
  return [
    counted(total),
    ...lines,
    ...(needs.length > 0
      ? [`need an operator, by reason (see: ${programName()} list --status needs-attention)`, ...needs]
      : []),
    ...(outcomes === undefined ? [] : [`outcomes: ${outcomes}`]),
  ].join('\n');
}
