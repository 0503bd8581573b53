import type { Client } from '@temporalio/client';
import type { RecordedRefund } from '../../rules/reconcile.js';
import { addComparison, emptyReport, type ReconciledPeriod } from '../../rules/reconciliation.js';
import { LinesFile } from '../batch/lines-file.js';
import type { Invocation } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../failure.js';
import { stopSignal } from '../stop-signal.js';
import { withTemporal } from '../temporal.js';
import { pointInTime } from '../time.js';
import { DEFAULT_CALLS_PER_SECOND, DEFAULT_SINCE, type ReconcileOptions } from './flags.js';
import { csvLines, exitCodeOf, isReport, type ReconcileDocument, reportText } from './report.js';
import type { StatementRow } from './statement.js';
import type { StatementColumns } from './statement-columns.js';

const PAGE_SIZE = 100;
const NOTE_EVERY_MS = 5_000;

/** Compares refunds with WorldFirst and with a statement, and prints the report. */
export async function reconcile(
  { options, output, env }: Invocation<ReconcileOptions>,
  columns: StatementColumns | undefined,
): Promise<ExitCode> {
  const { readWorkerConfig } = await import('../../worker/worker-config.js');
  const { worldfirst: clientOptions, warnings } = readWorkerConfig(env);
  for (const warning of warnings) output.warn(warning);
  const period = periodOf(options);
  const { readStatement } = await import('./statement.js');
  const rows =
    columns && (await readStatement(options.statement as string, columns, options.statuses ?? new Map()));
  const csv = options.csv === undefined ? undefined : new LinesFile(options.csv, isReport);
  const stop = stopSignal();
  const { WorldFirstClient } = await import('../../worldfirst/client.js');
  const worldfirst = new WorldFirstClient(clientOptions);
  try {
    const { Inquirer } = await import('../../reconciliation/inquirer.js');
    const { callsPerSecond = DEFAULT_CALLS_PER_SECOND } = options;
    const inquirer = new Inquirer(worldfirst, { callsPerSecond, signal: stop });
    const note = progressNotes((line) => output.note(line));
    const document = await withTemporal(env, async ({ client }) => {
      const compared = await compareAll(client, inquirer, period, { stop, note, keep: rows !== undefined });
      const whole = await withStatement(client, compared, rows, options.statement);
      return { ...whole, complete: whole.notChecked.length === 0 && !stop.aborted };
    });
    for (const line of csv ? csvLines(document) : []) csv?.writeText(line);
    csv?.publish();
    for (const line of document.statement?.notes ?? []) output.note(line);
    output.result(document, () => reportText(document));
    if (stop.aborted) output.note('stopped: the refunds that were not listed yet are not in this report');
    return stop.aborted ? EXIT.interrupted : exitCodeOf(document);
  } finally {
    csv?.close();
    worldfirst.close();
  }
}

function periodOf({ since = DEFAULT_SINCE, product }: ReconcileOptions): ReconciledPeriod {
  const [from, to] = [pointInTime(since), new Date()];
  if (from >= to) throw new CliError('USAGE', `--since ${since} is in the future. Nothing was compared.`);
  return { from: from.toISOString(), to: to.toISOString(), ...(product && { product }) };
}

/** How many refunds were compared, from time to time: the number of all of them is not known. */
function progressNotes(note: (line: string) => void): (refunds: number) => void {
  let shownAt = performance.now();
  return (refunds) => {
    if (performance.now() - shownAt < NOTE_EVERY_MS) return;
    shownAt = performance.now();
    note(`compared ${refunds}`);
  };
}

interface Compared {
  document: ReconcileDocument;
  /** Only those that a statement is compared with. */
  refunds: RecordedRefund[];
}

async function compareAll(
  client: Client,
  inquirer: InstanceType<typeof import('../../reconciliation/inquirer.js').Inquirer>,
  period: ReconciledPeriod,
  { stop, note, keep }: { stop: AbortSignal; note: (refunds: number) => void; keep: boolean },
): Promise<Compared> {
  const { listPage } = await import('../../reconciliation/list-page.js');
  const { reconcileRun } = await import('../../reconciliation/reconcile-runs.js');
  const report = emptyReport();
  const refunds: RecordedRefund[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage(client, period, { pageSize: PAGE_SIZE, cursor, signal: stop });
    for (const run of page.runs) {
      const compared = await reconcileRun(client, inquirer, run);
      if (!compared) continue;
      addComparison(report, compared.comparison, compared.inquiries);
      if (keep) refunds.push(compared.refund);
      note(report.refunds);
    }
    cursor = page.next;
  } while (cursor !== undefined && !stop.aborted);
  const { from, to } = period;
  return { document: { period: { from, to }, complete: false, ...report }, refunds };
}

async function withStatement(
  client: Client,
  { document, refunds }: Compared,
  rows: readonly StatementRow[] | undefined,
  file = '',
): Promise<ReconcileDocument> {
  if (!rows) return document;
  const { compareStatement } = await import('./compare-statement.js');
  const { differences, information, confirmed, notes } = await compareStatement(client, rows, refunds);
  // A statement says more than an inquiry that gave no answer.
  const notChecked = document.notChecked.filter(({ requestId }) => !confirmed.has(requestId));
  return {
    ...document,
    differences: [...document.differences, ...differences],
    information: [...document.information, ...information],
    notChecked,
    statement: { file, rows: rows.length, notes },
  };
}
