import { ConfigurationError } from '../rules/configuration-error.js';
import { checkOptions, type RefundOptions } from '../rules/schedule.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import { reminder } from './attention-variables.js';
import { Variables } from './variables.js';

/** What who starts refunds needs to know. */
export interface RefundConfig {
  taskQueue: string;
  /** The schedules that the environment sets; the documented ones apply where it sets none. */
  options: RefundOptions;
}

/**
 * Reads `REFUND_*` for who starts refunds; WorldFirst's keys are none of their business.
 * @throws {@link ConfigurationError} that names every mistake at once
 */
export function readRefundConfig(env: NodeJS.ProcessEnv): RefundConfig {
  const variables = new Variables(env);
  const config = refundConfig(variables);
  if (variables.issues.length > 0) throw new ConfigurationError(variables.issues);
  return config;
}

/** The same from variables that are read for more; mistakes are noted there. */
export function refundConfig(variables: Variables): RefundConfig {
  const options = {
    ...intervals(variables, 'REFUND_INQUIRY_INTERVALS', 'inquiryIntervals'),
    ...intervals(variables, 'REFUND_SETTLEMENT_INTERVALS', 'settlementIntervals'),
    ...reminder(variables),
  };
  return { taskQueue: variables.get('REFUND_TASK_QUEUE') ?? DEFAULT_TASK_QUEUE, options };
}

function intervals(
  variables: Variables,
  name: string,
  option: 'inquiryIntervals' | 'settlementIntervals',
): RefundOptions {
  const text = variables.get(name);
  if (text === undefined) return {};
  const options = { [option]: splitIntervals(text) };
  for (const { message } of checkOptions(options)) {
    variables.mistake(name, `must be intervals separated by commas, such as 5m,10m,20m: ${message}`);
  }
  return options;
}

/** `5m, 10m` as a list; whether each is an interval is for {@link checkOptions} to say. */
export function splitIntervals(text: string): string[] {
  return text.split(',').map((interval) => interval.trim());
}
