import { open } from 'node:fs/promises';
import type { StartManyResult } from '../../client/start-many.js';
import { isObject, type ValidationIssue } from '../../internal/check.js';
import { workflowIdOf } from '../../rules/ids.js';
import { sentenceOf } from '../../rules/messages.js';
import { CliError, type Failure, failureOf } from '../failure.js';
import { notReadable } from '../file-error.js';

/** What became of one line of a batch file; `not-tried`: the command ended, or refused the file, before its start. */
export type LineResult = StartManyResult | 'not-tried';

/** One line of a results file. */
export interface ResultLine {
  /** In the batch file. */
  line: number;
  refundRequestId?: string;
  workflowId?: string;
  runId?: string;
  result: LineResult;
  error?: Failure;
}

/** The result of one line, from what was given and what became of it. */
export function resultLine(
  line: number,
  {
    request,
    result,
    runId,
    error,
    issues,
  }: {
    request: unknown;
    result: LineResult;
    runId?: string;
    error?: Error;
    issues?: readonly ValidationIssue[];
  },
): ResultLine {
  const id = isObject(request) ? request.refundRequestId : undefined;
  const mistakes = issues && { code: 'INVALID_REQUEST', message: sentenceOf(issues), issues };
  const failure = error ? failureOf(error) : mistakes;
  return {
    line,
    ...(typeof id === 'string' && { refundRequestId: id, workflowId: workflowIdOf(id) }),
    ...(runId !== undefined && { runId }),
    result,
    ...(failure && { error: failure }),
  };
}

const UNTOUCHED: readonly unknown[] = ['invalid', 'not-tried', 'conflict', 'another-refund'];

/**
 * Looks into the results of an earlier run.
 * @param has whether the batch file has a refund with this id
 * @returns whether that run started refunds, or found them started
 * @throws CliError where it did so with a refund that the file does not have: another template, or another file
 */
export async function checkEarlierResults(path: string, has: (id: string) => boolean): Promise<boolean> {
  let hasStarted = false;
  for await (const { result, refundRequestId } of earlierLines(path)) {
    if (typeof refundRequestId !== 'string' || UNTOUCHED.includes(result)) continue;
    hasStarted = true;
    if (has(refundRequestId)) continue;
    throw new CliError(
      'USAGE',
      `${path} has the results of an earlier run, which started the refund "${refundRequestId}". The file has no refund with this ` +
        'id now. If its line was removed, put it back; if --id-template is another one now, use the one from before, because a ' +
        'refund under a new id can pay twice. For another file, give another --results. Nothing was started.',
    );
  }
  return hasStarted;
}

async function* earlierLines(path: string): AsyncIterable<Partial<Record<string, unknown>>> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw notReadable(path, error, 'Nothing was started.');
  }
  for await (const line of file.readLines()) {
    try {
      yield JSON.parse(line);
    } catch {
      throw new CliError(
        'USAGE',
        `${path} is not a results file, and would be replaced. Give another --results. Nothing was started.`,
      );
    }
  }
}
