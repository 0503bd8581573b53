import { singleLine } from '../internal/sanitize.js';
import { meaningOf } from './answer-labels.js';
import { DECISIONS, type DecisionName } from './decide.js';
import { formatAmount } from './money.js';
import type { AnswerStep, TimelineEntry } from './state.js';
import type { RefundView } from './view.js';

const LAST_ENTRIES = 20;

/** The refund as a page for people, in Markdown: what Temporal's Web UI shows as the workflow's current details. */
export function detailsOf(view: RefundView, nextStep?: string): string {
  const { status, product, reference, amount, providerRequestId, inquiries } = view;
  const facts = [
    `**${product}** ${code(reference)}`,
    ...(amount ? [formatAmount(amount)] : []),
    `request id ${code(providerRequestId)}`,
  ];
  return [
    `# ${status}`,
    facts.join(' · '),
    ...attentionLines(view),
    ...(nextStep && inquiries.nextAt
      ? [`**Next:** ${escapeMarkdown(nextStep)}, at ${time(inquiries.nextAt)}`]
      : []),
    ...answerLines(view),
    '## What happened',
    view.timeline.slice(-LAST_ENTRIES).map(entryLine).join('\n'),
  ].join('\n\n');
}

function attentionLines({ attention }: RefundView): string[] {
  if (!attention) return [];
  return [
    `## A person is needed: ${attention.reason}`,
    escapeMarkdown(attention.explanation),
    `**Advice:** ${escapeMarkdown(attention.advice)}`,
    '## What you can decide now',
    'Choose *More Actions*, *Send an Update*, `decide`, and paste one of these with your own words:',
    ...attention.decisions.map(
      (name) => `**${name}** — ${DECISIONS[name].effect}\n\n\`\`\`json\n${exampleOf(name)}\n\`\`\``,
    ),
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
  const { step, kind, code, message, advice, at } = lastAnswer;
  const said = [code, message].filter((word) => word !== undefined).join(': ');
  return [
    `**WorldFirst’s last answer** (${ASKED[step]}, ${time(at)}): ${meaningOf(kind)}${said ? ` — ${escapeMarkdown(said)}` : ''}`,
    ...(advice ? [`**WorldFirst’s page advises:** ${escapeMarkdown(advice)}`] : []),
  ];
}

const ASKED: Record<AnswerStep, string> = {
  query: 'asked for the order',
  send: 'sent the refund',
  inquire: 'asked for the refund',
};

function entryLine({ at, text, by }: TimelineEntry): string {
  return `- ${time(at)} ${escapeMarkdown(text)}${by ? ` (${escapeMarkdown(by)})` : ''}`;
}

/** To the second, for people: `2026-11-22 08:04:33 UTC`. */
const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

const code = (text: string) => `\`${singleLine(text).replaceAll('`', 'ʼ')}\``;

/** What others wrote stays text: it must not turn into headings, links or code of the page. */
const escapeMarkdown = (text: string) => singleLine(text).replace(/[\\`*_[\]<>#|~]/g, '\\$&');
