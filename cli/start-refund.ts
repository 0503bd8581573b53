import { InvalidRefundRequestError } from '../client/errors.js';
import type { ValidationIssue } from '../internal/check.js';
import { checkRequest } from '../rules/check-request.js';
import type { RefundRequest } from '../rules/request.js';
import { checkOptions, type RefundOptions } from '../rules/schedule.js';
import type { Invocation } from './command.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { programName } from './program-name.js';
import { withRefunds } from './temporal.js';
import { waitForRefund } from './wait-for-refund.js';

/** The flags of every command that starts a refund. */
export interface StartOptions {
  wait?: boolean;
  allowAnother?: boolean;
  inquireAfter?: string;
  settleAfter?: string;
}

/** Which flag a mistake is about, by its path in the request. */
export type FlagNames = Readonly<Record<string, string>>;

const SCHEDULE_FLAGS: FlagNames = {
  'options.inquiryIntervals': '--inquire-after',
  'options.settlementIntervals': '--settle-after',
};

/**
 * Starts a refund and, with `--wait`, waits until it ends or needs a person.
 * @throws InvalidRefundRequestError with every mistake, before Temporal is asked for anything
 */
export async function startRefund(
  { options, output, env }: Invocation<StartOptions>,
  request: unknown,
  { flags = {}, issues = [] }: { flags?: FlagNames; issues?: ValidationIssue[] } = {},
): Promise<ExitCode | undefined> {
  const schedule = await scheduleFrom(options);
  const found = [
    ...issues,
    ...named(checkRequest(request), flags),
    ...named(checkOptions(schedule), SCHEDULE_FLAGS),
  ];
  if (found.length > 0) throw new InvalidRefundRequestError(distinct(found));
  return withRefunds(env, async (refunds) => {
    const { allowAnother = false } = options;
    const started = await refunds.start(request as RefundRequest, { ...schedule, allowAnother });
    const { refundRequestId } = started;
    const text = started.started
      ? `started refund ${refundRequestId} (workflow ${started.workflowId})`
      : `refund ${refundRequestId} was already there, with the same content: nothing new was started`;
    if (options.wait) {
      output.note(text);
      return waitForRefund(refunds, refundRequestId, output);
    }
    output.result(started, () => `${text}\nsee it with: ${programName()} show ${refundRequestId}`);
    return EXIT.done;
  });
}

async function scheduleFrom({ inquireAfter, settleAfter }: StartOptions): Promise<RefundOptions> {
  const { splitIntervals } = await import('../worker/variables.js');
  return {
    ...(inquireAfter !== undefined && { inquiryIntervals: splitIntervals(inquireAfter) }),
    ...(settleAfter !== undefined && { settlementIntervals: splitIntervals(settleAfter) }),
  };
}

function named(issues: ValidationIssue[], flags: FlagNames): ValidationIssue[] {
  return issues.map(({ path, message }) => {
    const whole = path.replace(/\[\d+\]$/, '');
    return { path: flags[path] ?? flags[whole] ?? path, message };
  });
}

/** One flag may stand for several fields, and its mistake is still one. */
function distinct(issues: ValidationIssue[]): ValidationIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue])).values()];
}
