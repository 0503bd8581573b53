import type { ReferenceHash } from '../client/reference-hash.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import type { RefundOptions } from '../rules/schedule.js';
import { Environment, misspeltNames } from './environment.js';

/** The configuration of an application that starts refunds: the options of its `RefundClient`. */
export interface RefundConfig {
  taskQueue: string;
  /** The schedules that the environment sets; the documented ones apply where it sets none. */
  defaults: RefundOptions;
  /** Hides references in Temporal's list; undefined where the environment sets no key for it. */
  referenceHash: ReferenceHash | undefined;
  /** One line for each thing that is allowed, but probably a mistake; `RefundClient` passes them to `process.emitWarning`. */
  warnings: readonly string[];
}

/**
 * Reads `REFUND_*` for an application that starts refunds; it needs no keys of WorldFirst.
 * @param env the variables, usually `process.env`
 *
 * @example
 * const refunds = new RefundClient(client, readRefundConfig(process.env));
 *
 * @throws {@link ConfigurationError} that names every mistake at once
 */
export function readRefundConfig(env: NodeJS.ProcessEnv): RefundConfig {
  const environment = new Environment(env);
  const config = refundConfig(environment);
  if (environment.issues.length > 0) throw new ConfigurationError(environment.issues);
  return { ...config, warnings: [...environment.warnings, ...misspeltNames(env)] };
}

/** The same from an environment of which more is read; mistakes are noted there. */
export function refundConfig(environment: Environment): Omit<RefundConfig, 'warnings'> {
  const inquiryIntervals = environment.get('REFUND_INQUIRY_INTERVALS');
  const settlementIntervals = environment.get('REFUND_SETTLEMENT_INTERVALS');
  const remindAfter = environment.get('REFUND_ATTENTION_REMINDER');
  const referenceHash = environment.get('REFUND_REFERENCE_KEYS');
  return {
    taskQueue: environment.get('REFUND_TASK_QUEUE'),
    referenceHash,
    defaults: {
      ...(inquiryIntervals && { inquiryIntervals }),
      ...(settlementIntervals && { settlementIntervals }),
      ...(remindAfter !== undefined && { remindAfter }),
    },
  };
}

/** The address of Temporal's Web UI, where the environment has it; throws like {@link readRefundConfig}. */
export function readWebUiUrl(env: NodeJS.ProcessEnv): string | undefined {
  const environment = new Environment(env);
  const url = environment.get('REFUND_WEB_UI_URL');
  if (environment.issues.length > 0) throw new ConfigurationError(environment.issues);
  return url;
}
