import { type FileHandle, open } from 'node:fs/promises';
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
  /** An earlier run started this refund, or found it started. */
  startedBefore?: true;
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

// Of a conflict the refund is there, with other data: an earlier run may have started it.
const UNTOUCHED: readonly unknown[] = ['invalid', 'not-tried', 'another-refund'];

/**
 * Looks into the results of an earlier run.
 * @param has whether the batch file has a refund with this id
 * @returns the ids of the refunds that earlier runs started, or found started
 * @throws CliError where the file does not have one of them: another template, or another file
 */
export async function startedEarlier(path: string, has: (id: string) => boolean): Promise<Set<string>> {
  const started = new Set<string>();
  for await (const { result, startedBefore, refundRequestId } of earlierLines(path)) {
    if (typeof refundRequestId !== 'string') continue;
    if (UNTOUCHED.includes(result) && startedBefore !== true) continue;
    started.add(refundRequestId);
    if (has(refundRequestId)) continue;
    throw new CliError(
      'USAGE',
      `${path} has the results of an earlier run, which started the refund "${refundRequestId}" or found it started. The file has no refund with this ` +
        'id now. If its line was removed, put it back; if --id-template is another one now, use the one from before, because a ' +
        'refund under a new id can pay twice. For another file, give another --results. Nothing was started.',
    );
  }
  return started;
}

async function* earlierLines(path: string): AsyncIterable<Partial<Record<string, unknown>>> {
  const foreign = (what: string) =>
    new CliError('USAGE', `${path} ${what}. Give another --results. Nothing was started.`);
  let torn: string | undefined;
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    if (!(await file.stat()).isFile()) throw foreign('is a folder or a device');
    for await (const line of file.readLines()) {
      const read = torn === undefined ? parsed(line) : undefined;
      if (read) yield read;
      // Only the last line may be one that was not written to its end, when the disk was full.
      else if (torn === undefined && line.startsWith('{"line":')) torn = line;
      else throw foreign('is not a results file, and would be replaced');
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw notReadable(path, error, 'Nothing was started.');
  } finally {
    await file?.close();
  }
}

function parsed(line: string): Partial<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
