import { singleLine } from '../internal/sanitize.js';
import { CALL_NAMES, meaningOf } from './answer-labels.js';
import { DECISIONS, type DecisionName } from './decision.js';
import { TEMPORAL_TOOLS_PAGE } from './links.js';
import { formatAmount } from './money.js';
import { BASIS, type ClosedBy } from './outcome.js';
import type { TimelineEntry } from './state.js';
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
    ...(view.outcome ? outcomeLines(view) : [DO_NOT_TERMINATE]),
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

const DO_NOT_TERMINATE = `**Do not terminate or reset this workflow** ([why](${TEMPORAL_TOOLS_PAGE})). To stop its automatic work, send the signal \`escalate\`.`;

function outcomeLines({ outcome }: RefundView): string[] {
  if (!outcome) return [];
  const { by, reason, evidence } = outcome as Partial<ClosedBy>;
  return [
    ...(outcome.status === 'succeeded' ? [`**Based on:** ${BASIS[outcome.confirmedBy]}`] : []),
    ...(by ? [`**Closed by:** ${escapeMarkdown(by)}${reason ? `: ${escapeMarkdown(reason)}` : ''}`] : []),
    ...(evidence ? [`**Evidence:** ${escapeMarkdown(evidence)}`] : []),
    ...(outcome.status === 'failed'
      ? [
          `**${escapeMarkdown(outcome.code)}:** ${escapeMarkdown(outcome.message)}`,
          `**Advice:** ${escapeMarkdown(outcome.advice)}`,
        ]
      : []),
  ];
}

function attentionLines({ attention, timeline }: RefundView): string[] {
  if (!attention) return [];
  const dropped = timeline.findLast(
    ({ event }) => event === 'message-dropped' || event === 'decision-refused',
  );
  return [
    `## Needs an operator: ${attention.reason}`,
    escapeMarkdown(attention.explanation),
    `**Advice:** ${escapeMarkdown(attention.advice)}`,
    ...(dropped ? [`**Last rejected message:** ${escapeMarkdown(dropped.text)}`] : []),
    '## Decisions that apply now',
    'Choose *More Actions*, *Send an Update*, `decide`, paste one of the following, and fill in every empty string:',
    ...attention.decisions.map(
      (name) => `**${name}** — ${DECISIONS[name].effect}\n\n\`\`\`json\n${exampleOf(name)}\n\`\`\``,
    ),
  ];
}

/** The JSON to paste for a decision; a text that is left empty is refused. */
export function exampleOf(decision: DecisionName): string {
  const example = {
    decision,
    by: '',
    reason: '',
    ...(DECISIONS[decision].needsEvidence && { evidence: '' }),
  };
  return JSON.stringify(example, null, 2);
}

function answerLines({ lastAnswer, outcome }: RefundView): string[] {
  if (!lastAnswer) return [];
  const { step, kind, code, message, advice, at } = lastAnswer;
  const said = code === 'SUCCESS' ? '' : [code, message].filter((word) => word !== undefined).join(': ');
  return [
    `**WorldFirst’s last answer** (${CALL_NAMES[step]}, ${time(at)}): ${meaningOf(kind)}${said ? ` — ${escapeMarkdown(said)}` : ''}`,
    // The advice is for a refund that continues, not for one that has ended.
    ...(advice && !outcome ? [`**Advice for this code:** ${escapeMarkdown(advice)}`] : []),
  ];
}

function entryLine({ at, text, by }: TimelineEntry): string {
  return `- ${time(at)} ${escapeMarkdown(text)}${by ? ` (${escapeMarkdown(by)})` : ''}`;
}

/** To the second, for people: `2026-11-22 08:04:33 UTC`. */
const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

const code = (text: string) => `\`${singleLine(text).replaceAll('`', 'ʼ')}\``;

/** Text from outside stays text: it must not turn into headings, links or code of the page. */
const escapeMarkdown = (text: string) => singleLine(text).replace(/[\\`*_[\]<>#|~]/g, '\\$&');
