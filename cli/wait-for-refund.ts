import { RefundNotRunError } from '../client/errors.js';
import type { RefundClient } from '../client/refund-client.js';
import type { RefundView } from '../rules/view.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { CliError } from './failure.js';
import type { Output } from './output.js';
import { programName } from './program-name.js';
import { showText } from './show-text.js';
import { stopSignal } from './stop-signal.js';

/** Waits until a refund ends or needs a person, prints its view, and returns the exit code that tells which. */
export async function waitForRefund(
  refunds: RefundClient,
  refundRequestId: string,
  output: Output,
): Promise<ExitCode> {
  const signal = stopSignal();
  output.note('waiting until it ends or needs a person (Ctrl-C stops the waiting, not the refund)');
  try {
    const view = await refunds.waitUntilIdle(refundRequestId, { signal });
    output.result(view, () => showText(view));
    return exitCodeOf(view);
  } catch (error) {
    if (signal.aborted) {
      throw new CliError(
        'INTERRUPTED',
        `stopped waiting. The refund goes on; see it with: ${programName()} show ${refundRequestId}`,
      );
    }
    if (error instanceof RefundNotRunError && isInvalid(error))
      throw new CliError('INVALID_REQUEST', error.message);
    throw error;
  }
}

function exitCodeOf({ outcome }: RefundView): ExitCode {
  if (!outcome) return EXIT.needsPerson;
  return outcome.status === 'succeeded' || outcome.status === 'accepted' ? EXIT.done : EXIT.refused;
}

/** Whether the workflow itself found the request not valid. */
function isInvalid(error: unknown): boolean {
  const { type, cause } = (error ?? {}) as { type?: string; cause?: unknown };
  return type === 'InvalidRefundRequest' || (cause !== undefined && isInvalid(cause));
}
