import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { AttentionNotifier } from 'worldfirst-refunds/activities';

/** Opens an incident in PagerDuty when a refund needs an operator, and resolves it when the refund no longer does. */
export function notifyPagerDuty({
  routingKey,
  url = 'https://events.pagerduty.com/v2/enqueue',
}: {
  routingKey: string;
  url?: string;
}): AttentionNotifier {
  return async ({ type, timestamp, data }, { signal }) => {
    // PagerDuty allows 255 characters.
    const dedup_key = createHash('sha256').update(data.incident.key).digest('hex');
    const isOver = type === 'refund.attention-closed';
    const event = {
      routing_key: routingKey,
      event_action: isOver ? 'resolve' : 'trigger',
      dedup_key,
      payload: {
        summary: `Refund ${data.refundRequestId} needs an operator: ${data.attention.reason}`.slice(0, 1024),
        source: data.workflowId,
        // An unknown result can become a refund that is paid twice, so it must not wait.
        severity: data.submission === 'unknown' ? 'critical' : 'error',
        timestamp,
        group: data.incident.group,
        class: data.attention.reason,
        custom_details: {
          money: data.money,
          explanation: data.attention.explanation,
          advice: data.attention.advice,
          command: data.command,
          ...data.ids,
        },
      },
      ...(data.link && { links: [{ href: data.link, text: 'The refund in Temporal' }] }),
    };
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      signal,
    });
    // 400: the event is not valid, so a repeat does not help. Temporal keeps the error, so it contains no key.
    if (response.status === 400)
      throw ApplicationFailure.nonRetryable('PagerDuty rejected the event', 'PagerDutyRejected');
    if (!response.ok) throw new Error(`PagerDuty answered ${response.status}`);
  };
}
