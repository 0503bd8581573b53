import { ApplicationFailure } from '@temporalio/common';

/**
 * A failure that Temporal retries. Meanwhile its message is shown under "Pending Activities".
 * @param about the subject of the query: `the order T-1`
 */
export function askAgain(about: string, reason: string): ApplicationFailure {
  const message = `The query about ${about} got no answer from WorldFirst: ${reason} The query will be repeated.`;
  return ApplicationFailure.retryable(message, 'WorldFirstNotReached');
}

/** The failure of a local activity where the calls are limited; the workflow then calls by the task queue. */
export function localActivitiesDisabledFailure(): ApplicationFailure {
  const message = 'Calls to WorldFirst are limited, so this one is made by the task queue.';
  return ApplicationFailure.nonRetryable(message, 'LocalActivitiesDisabled');
}
