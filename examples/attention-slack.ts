import type { AttentionNotifier } from 'worldfirst-refunds/activities';

const HEADINGS = {
  'refund.needs-attention': 'needs an operator',
  'refund.still-needs-attention': 'still needs an operator',
  'refund.attention-closed': 'no longer needs an operator',
  'refund.difference-found': 'differs from WorldFirst’s answer',
} as const;

/** Posts to a channel of Slack when a refund needs an operator, and when it no longer does. */
export function notifySlack({ url }: { url: string }): AttentionNotifier {
  return async ({ type, data }, { signal }) => {
    const { closed, attention } = data;
    const title = `Refund ${data.refundRequestId} ${HEADINGS[type]}: ${attention.reason}`;
    const lines = closed
      ? [closed.decision ? `${closed.by} decided ${closed.decision}.` : 'No decision was needed.']
      : [attention.explanation, attention.advice, `Decide: ${data.command}`];
    const heading = data.link ? `<${data.link}|${escaped(title)}>` : escaped(title);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        text: title,
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*` } },
          // Slack allows 3,000 characters in a block.
          { type: 'section', text: { type: 'mrkdwn', text: escaped(lines.join('\n')).slice(0, 3_000) } },
        ],
      }),
      signal,
    });
    // Temporal keeps the error, so it must not contain the URL: Slack's URL is a secret.
    if (!response.ok) throw new Error(`Slack answered ${response.status}`);
  };
}

/** Slack reads these three characters as marks: https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
