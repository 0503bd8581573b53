import { resolve } from 'node:path';
import type { RefundClient } from '../../client/refund-client.js';
import type { StartOptions } from '../../client/refund-starter.js';
import type { ValidationIssue } from '../../internal/check.js';
import { agree } from '../agree.js';
import type { Invocation } from '../command.js';
import { CliError, EXIT, type ExitCode, exitCodeFor, failureOf, failureText } from '../failure.js';
import { lockFile } from '../file-lock.js';
import { Progress } from '../progress.js';
import { programName, shellWord } from '../shell.js';
import { stopSignal } from '../stop-signal.js';
import { withTracedRefunds } from '../temporal.js';
import { counted, terminalText } from '../terminal.js';
import { compareWithList, stopped } from './compare.js';
import { isLineWith, LinesFile } from './lines-file.js';
import { BatchRecord } from './record.js';
import { resultLine, startedEarlier } from './results.js';
import { type BatchFile, requestsOf, rowsOf } from './rows.js';
import type { BatchOptions, BatchRun } from './run.js';
import { mistakesError, mistakesOf, validate } from './validate.js';

/** Starts the refunds of a batch file, after all of it was checked. */
export async function startBatch(
  invocation: Invocation<BatchOptions>,
  file: BatchFile,
  startOptions: StartOptions,
): Promise<ExitCode> {
  const { dryRun, results } = invocation.options;
  const path = resultsPath(file.name, results);
  // Two runs at the same time would each write their own results.
  const unlock = dryRun ? () => {} : lockFile(path);
  try {
    return await validateAndStart(invocation, file, path, startOptions);
  } finally {
    unlock();
  }
}

async function validateAndStart(
  invocation: Invocation<BatchOptions>,
  file: BatchFile,
  path: string,
  startOptions: StartOptions,
): Promise<ExitCode> {
  const { allowAnother = false, dryRun, skipRefused } = invocation.options;
  const validated = await validate(file, allowAnother);
  const startedBefore = await startedEarlier(path, validated.has);
  const results = dryRun ? undefined : new LinesFile(path, isLineWith('result'));
  const run = { invocation, file, validated, record: new BatchRecord(results, startedBefore) };
  try {
    if (validated.mistakes.size > 0) {
      // Before the others are looked at, so that no plan and no start has them.
      await writeInvalid(run);
      if (!skipRefused || validated.isCut) {
        // The results of an earlier run say more: it started refunds.
        if (results && startedBefore.size === 0) await writeUntried(run).then(() => results.publish());
        throw mistakesError(validated);
      }
      noteMistakes(run);
    }
    noteSpans(run);
    const signal = stopSignal();
    return await withTracedRefunds(invocation, (refunds) =>
      checkAndStart(run, refunds, { results, startOptions, signal }),
    );
  } finally {
    results?.close();
  }
}

function resultsPath(name: string, given: string | undefined): string {
  const path = given ?? `${name === 'stdin' ? 'batch' : name}.results.ndjson`;
  if (resolve(path) !== resolve(name)) return path;
  throw new CliError('USAGE', '--results must not be the batch file itself. Nothing was started.');
}

interface Starting {
  startOptions: StartOptions;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

async function checkAndStart(
  run: BatchRun,
  refunds: RefundClient,
  { results, ...starting }: Starting & { results: LinesFile | undefined },
): Promise<ExitCode> {
  const { invocation, record } = run;
  const { options, output } = invocation;
  const refused = await compareWithList(run, refunds, starting.signal);
  if (refused.length > 0 && !options.skipRefused) {
    await writeUntried(run);
    results?.publish();
    throw refusedError(refused);
  }
  const plan = () => planText(record);
  if (!results) {
    output.result(documentOf(run), plan);
    return exitCodeOf(record, undefined);
  }
  if (record.toStart > 0) {
    output.preview(plan);
    const unasked = 'nothing was started: add --yes to start, or --dry-run for a preview';
    await agree(`Start ${record.planText()}?`, { yes: options.yes, output, unasked });
  }
  if (starting.signal.aborted) throw stopped();
  results.publish();
  return start(run, refunds, starting);
}

function refusedError(issues: ValidationIssue[]): CliError {
  const message =
    `${counted(issues.length)} cannot be started, so nothing was started. ` +
    'Add --skip-refused to start the others:';
  return new CliError('BATCH_REFUSED', message, issues);
}

async function start(
  run: BatchRun,
  refunds: RefundClient,
  { startOptions, signal }: Starting,
): Promise<ExitCode> {
  const { invocation, file, record } = run;
  const { options, output } = invocation;
  const { concurrency, startsPerSecond } = options;
  const progress = new Progress(output, 'started', record.toStart);
  const requests = requestsOf(file, ({ line }) => !record.has(line));
  let failure: unknown;
  try {
    for await (const item of refunds.startMany(requests.iterable, {
      ...startOptions,
      concurrency,
      startsPerSecond,
      signal,
    })) {
      const line = resultLine(requests.lineOf(item.request), item);
      record.write(line);
      if (line.error) {
        progress.clear();
        const place = `line ${line.line} (${line.refundRequestId})`;
        output.note(terminalText(`${place}: ${line.result}: ${line.error.message}`));
      }
      if (line.result !== 'no-answer') progress.step();
    }
  } catch (error) {
    failure = error;
  }
  progress.clear();
  await writeUntried(run);
  const error = failure === undefined ? undefined : failureOf(failure);
  output.result({ ...documentOf(run), ...(error && { error }) }, () => summaryText(run));
  if (error) output.note(failureText(error));
  if (record.count('not-tried') > 0 || record.count('no-answer') > 0)
    output.note('to continue, run the same command again: no refund is started twice');
  return exitCodeOf(record, error && exitCodeFor(error.code));
}

/** A result for each line with mistakes. */
async function writeInvalid({ file, record, validated }: BatchRun): Promise<void> {
  for await (const { line, request } of rowsOf(file)) {
    const issues = validated.mistakes.get(line);
    if (issues) record.write(resultLine(line, { request, result: 'invalid', issues }));
  }
}

function noteMistakes({ invocation: { output }, validated }: BatchRun): void {
  for (const { path, message } of mistakesOf(validated)) output.note(terminalText(`${path}: ${message}`));
}

const MOST_SPANS = 5;

/** A quotation mark that is missing takes in the lines that follow, and their refunds would not be started. */
function noteSpans({ invocation: { output }, validated: { spans } }: BatchRun): void {
  for (const [line, lastLine] of [...spans].slice(0, MOST_SPANS))
    output.note(
      `line ${line} goes on to line ${lastLine}, within quotation marks: check that this is one refund`,
    );
  if (spans.size > MOST_SPANS) output.note(`so do ${spans.size - MOST_SPANS} more lines`);
}

/** A result for each line that has none. */
async function writeUntried({ file, record }: BatchRun): Promise<void> {
  for await (const { line, request } of rowsOf(file)) {
    if (!record.has(line)) record.write(resultLine(line, { request, result: 'not-tried' }));
  }
}

function exitCodeOf(record: BatchRecord, failed: ExitCode | undefined): ExitCode {
  if (failed !== undefined) return failed;
  if (record.count('not-tried') > 0) return EXIT.interrupted;
  if (record.count('stopped') > 0) return EXIT.needsOperator;
  const refused = record.count('conflict') + record.count('another-refund') + record.count('invalid');
  return refused > 0 ? EXIT.refused : EXIT.done;
}

/** What `--json` prints. */
function documentOf({ invocation: { options }, file, validated, record }: BatchRun) {
  const { dryRun = false } = options;
  return {
    file: file.name,
    dryRun,
    ...(!dryRun && { results: resultsPath(file.name, options.results) }),
    summary: record.summary(validated.count, dryRun),
    amounts: record.amounts,
  };
}

/** What would be started. */
function planText(record: BatchRecord): string {
  return [`to start: ${record.planText()}`, ...othersText(record)].join('\n');
}

/** What was started. */
function summaryText({ invocation: { args, options }, file, record }: BatchRun): string {
  const { idTemplate } = options;
  const fileWords = [...args, ...(idTemplate === undefined ? [] : ['--id-template', idTemplate])]
    .map(shellWord)
    .join(' ');
  return [
    `started ${record.count('started')} of ${counted(record.toStart)}`,
    ...othersText(record),
    `results: ${resultsPath(file.name, options.results)}`,
    `see how far they are with: ${programName()} batch status ${fileWords}`,
  ].join('\n');
}

function othersText(record: BatchRecord): string[] {
  const titles = {
    'already-there': 'already there, with the same data',
    conflict: 'not started: the id belongs to a refund with different data',
    'another-refund': 'not started: the order or payment has another refund',
    stopped: 'there, but its workflow was terminated or failed, and the money may have moved (resume ID)',
    invalid: 'not started: invalid',
    'no-answer': 'without an answer: it is not known whether they were started',
    'not-tried': 'not tried',
  } as const;
  return Object.entries(titles).flatMap(([result, title]) => {
    const count = record.count(result as keyof typeof titles);
    return count > 0 ? [`${count} ${title}`] : [];
  });
}
