import { InvalidRefundRequestError, RefundNotRunError } from '../client/errors.js';
import type { RefundClient } from '../client/refund-client.js';
import type { ValidationIssue } from '../internal/check.js';
import { checkRequest } from '../rules/check-request.js';
import type { RefundRequest } from '../rules/request.js';
import { checkOptions, type RefundOptions } from '../rules/schedule.js';
import type { RefundView } from '../rules/view.js';
import type { Invocation } from './command.js';
import { CliError, EXIT, type ExitCode } from './failure.js';
import type { Output } from './output.js';
import { showText } from './refund-text.js';
import { programName } from './shell.js';
import { stopSignal } from './stop-signal.js';
import { withTracedRefunds } from './temporal.js';

/** The flags of every command that starts a refund. */
export interface StartOptions {
  wait?: boolean;
  allowAnother?: boolean;
  alreadySent?: boolean;
  inquireAfter?: string;
  settleAfter?: string;
}

/** The flag of each path in the request. */
export type FlagNames = Readonly<Record<string, string>>;

const SCHEDULE_FLAGS: FlagNames = {
  'options.inquiryIntervals': '--inquire-after',
  'options.settlementIntervals': '--settle-after',
};

/**
 * Starts a refund and, with `--wait`, waits until it ends or needs an operator.
 * @throws InvalidRefundRequestError with every mistake, before any call to Temporal
 */
export async function startRefund(
  invocation: Invocation<StartOptions>,
  request: unknown,
  { flags = {}, issues = [] }: { flags?: FlagNames; issues?: ValidationIssue[] } = {},
): Promise<ExitCode | undefined> {
  const { options, output } = invocation;
  const schedule = await scheduleFrom(options);
  const found = [...issues, ...named(checkRequest(request), flags), ...scheduleIssues(schedule)];
  if (found.length > 0) throw new InvalidRefundRequestError(distinct(found));
  return withTracedRefunds(invocation, async (refunds, _, inSpan) => {
    const { allowAnother = false, alreadySent = false } = options;
    const startOptions = { ...schedule, allowAnother, alreadySent };
    const started = await inSpan('refund', () => refunds.start(request as RefundRequest, startOptions));
    const { refundRequestId } = started;
    const text = started.started
      ? `started refund ${refundRequestId} (workflow ${started.workflowId})`
      : `refund ${refundRequestId} already exists with the same data: nothing was started`;
    if (started.unchecked)
      output.note(
        'Temporal did not say in time whether the order has another refund; see `list --reference`',
      );
    if (options.wait) {
      output.note(text);
      return waitForRefund(refunds, refundRequestId, output);
    }
    output.result(started, () => `${text}\nsee it with: ${programName()} show ${refundRequestId}`);
    return EXIT.done;
  });
}

/** The schedules from the flags. */
export async function scheduleFrom({ inquireAfter, settleAfter }: StartOptions): Promise<RefundOptions> {
  const { splitIntervals } = await import('../worker/variables.js');
  return {
    ...(inquireAfter !== undefined && { inquiryIntervals: splitIntervals(inquireAfter) }),
    ...(settleAfter !== undefined && { settlementIntervals: splitIntervals(settleAfter) }),
  };
}

/** Every mistake of the schedules, each with its flag. */
export function scheduleIssues(schedule: RefundOptions): ValidationIssue[] {
  return named(checkOptions(schedule), SCHEDULE_FLAGS);
}

function named(issues: ValidationIssue[], flags: FlagNames): ValidationIssue[] {
  return issues.map(({ path, message }) => {
    const whole = path.replace(/\[\d+\]$/, '');
    // A file may have a field with a name that every object has, such as "__proto__".
    const flag = [path, whole].find((each) => Object.hasOwn(flags, each));
    return { path: flag === undefined ? path : (flags[flag] as string), message };
  });
}

/** One flag may stand for several fields, and its mistake is still one. */
function distinct(issues: ValidationIssue[]): ValidationIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue])).values()];
}

/** Waits until a refund ends or needs an operator, prints its view, and returns the exit code. */
async function waitForRefund(
  refunds: RefundClient,
  refundRequestId: string,
  output: Output,
): Promise<ExitCode> {
  const signal = stopSignal();
  output.note('waiting until it ends or needs an operator (Ctrl-C stops the waiting, not the refund)');
  try {
    const view = await refunds.waitUntilIdle(refundRequestId, { signal });
    output.result(view, () => showText(view));
    return exitCodeOf(view);
  } catch (error) {
    if (signal.aborted) {
      throw new CliError(
        'INTERRUPTED',
        `stopped waiting. The refund continues; see it with: ${programName()} show ${refundRequestId}`,
      );
    }
    if (error instanceof RefundNotRunError && isInvalid(error))
      throw new CliError('INVALID_REQUEST', error.message);
    throw error;
  }
}

function exitCodeOf({ outcome }: RefundView): ExitCode {
  if (!outcome) return EXIT.needsOperator;
  return outcome.status === 'succeeded' || outcome.status === 'accepted' ? EXIT.done : EXIT.refused;
}

/** Whether the workflow itself refused the request as not valid. */
function isInvalid(error: unknown): boolean {
  const { type, cause } = (error ?? {}) as { type?: string; cause?: unknown };
  return type === 'InvalidRefundRequest' || (cause !== undefined && isInvalid(cause));
}
