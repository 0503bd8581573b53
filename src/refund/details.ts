import { DECISIONS, type DecisionName } from './decide.js';
import { formatAmount } from './money.js';
import type { RefundView } from './view.js';

const LAST_ENTRIES = 20;

/** The refund as a page for people, in Markdown: what Temporal's Web UI shows as the workflow's current details. */
export function detailsOf(view: RefundView, nextStep?: string): string {
  return [
    `# ${view.status}`,
    [
      `**${view.product}** ${code(view.reference)}`,
      view.amount ? formatAmount(view.amount) : undefined,
      `request id ${code(view.providerRequestId)}`,
    ]
      .filter(Boolean)
      .join(' · '),
    ...attentionLines(view),
    ...(nextStep
      ? [`**Next:** ${plain(nextStep)}${view.inquiries.nextAt ? `, at ${view.inquiries.nextAt}` : ''}`]
      : []),
    ...answerLines(view),
    '## What happened',
    view.timeline
      .slice(-LAST_ENTRIES)
      .map(({ at, text, by }) => `- ${at} ${plain(text)}${by ? ` (${plain(by)})` : ''}`)
      .join('\n'),
  ].join('\n\n');
}

function attentionLines({ attention }: RefundView): string[] {
  if (!attention) return [];
  return [
    `## A person is needed: ${attention.reason}`,
    plain(attention.explanation),
    `**Advice:** ${plain(attention.advice)}`,
    '**Decide** with the update `decide`:',
    attention.decisions.map((name) => `- \`${exampleOf(name)}\`\n  ${DECISIONS[name].effect}`).join('\n'),
  ];
}

/** The JSON to paste for a decision. */
export function exampleOf(decision: DecisionName): string {
  return JSON.stringify({
    decision,
    by: 'your name',
    reason: 'why',
    ...(DECISIONS[decision].needsEvidence && { evidence: 'what shows it' }),
  });
}

function answerLines({ lastAnswer }: RefundView): string[] {
  if (!lastAnswer) return [];
  const said = [lastAnswer.code, lastAnswer.message].filter((word) => word !== undefined).join(': ');
  return [
    `**WorldFirst’s last answer** (${lastAnswer.step}, ${lastAnswer.at}): ${lastAnswer.kind}${said ? ` — ${plain(said)}` : ''}`,
    ...(lastAnswer.advice ? [`**WorldFirst’s page advises:** ${plain(lastAnswer.advice)}`] : []),
  ];
}

const code = (text: string) => `\`${text.replaceAll('`', 'ʼ')}\``;

/** What others wrote stays text: it must not turn into headings, links or code of the page. */
const plain = (text: string) => text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&');
