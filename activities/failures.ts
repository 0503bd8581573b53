import { ApplicationFailure } from '@temporalio/common';

/**
 * A failure that Temporal retries. Its message is what a person reads under "Pending Activities" meanwhile.
 * @param about what was asked about: `the order T-1`
 */
export function askAgain(about: string, reason: string): ApplicationFailure {
  const message = `WorldFirst could not be asked about ${about}: ${reason} It will be asked again.`;
  return ApplicationFailure.retryable(message, 'WorldFirstNotReached');
}

/** What a local activity fails with where the calls are limited; the workflow then asks by the task queue. */
export function localActivitiesDisabledFailure(): ApplicationFailure {
  const message = 'Calls to WorldFirst are limited, so this one is made by the task queue.';
  return ApplicationFailure.nonRetryable(message, 'LocalActivitiesDisabled');
}
