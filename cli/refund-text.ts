import type { ListedStatus } from '../client/list-refunds.js';
import { CALL_NAMES, meaningOf } from '../rules/answer-labels.js';
import { DECISIONS, type DecisionName } from '../rules/decision.js';
import { formatAmount } from '../rules/money.js';
import { BASIS } from '../rules/outcome.js';
import type { RefundView } from '../rules/view.js';
import { colors } from './output.js';
import { programName, shellWord } from './shell.js';
import { fromNow, padded, terminalText, terminalWidth, utc, wrapped } from './terminal.js';

/** One refund as a page. The possible decisions stand last: there a terminal shows them, however long the timeline is. */
export function showText(view: RefundView, width = terminalWidth()): string {
  return [
    heading(view),
    facts(view, width),
    history(view.timeline, width),
    ...attention(view, width),
    ...commands(view, width),
  ].join('\n\n');
}

const LAST_ENTRIES = 6;

/** The part of the page that matters for a decision. */
export function essenceText(view: RefundView, width = terminalWidth()): string {
  return [
    heading(view),
    facts(view, width),
    history(view.timeline.slice(-LAST_ENTRIES), width, view.timeline.length - LAST_ENTRIES),
    ...attention(view, width),
  ].join('\n\n');
}

function heading({ refundRequestId, status }: RefundView): string {
  return `${colors.bold(terminalText(refundRequestId))}  ${statusText(status)}`;
}

function facts(view: RefundView, width: number): string {
  const { product, reference, amount, outcome, inquiries } = view;
  const rows: [string, string | undefined][] = [
    [product === 'worldtrade' ? 'trade' : 'payment', `${reference} (${product})`],
    ['amount', amount && formatAmount(amount)],
    ['request id', view.providerRequestId],
    ['refund id', view.refundId],
    ['refund order id', view.refundOrderId],
    ['payment order id', view.paymentOrderId],
    ['workflow', view.workflowId],
    ['inquiries', inquiries.allowed > 0 ? `${inquiries.done} of ${inquiries.allowed}` : undefined],
    ['last answer', lastAnswer(view)],
    ['next', nextStep(view)],
    ['result', outcome && resultOf(view)],
    ['advice', outcome && 'advice' in outcome ? outcome.advice : undefined],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const names = Math.max(...known.map(([name]) => name.length));
  return known
    .map(
      ([name, value]) =>
        `  ${colors.dim(padded(name, names))}  ${wrapped(terminalText(value), width, names + 4)}`,
    )
    .join('\n');
}

function lastAnswer({ lastAnswer }: RefundView): string | undefined {
  if (!lastAnswer) return undefined;
  const { step, kind, code, message, at } = lastAnswer;
  const said = [code, message].filter(Boolean).join(': ');
  return `${CALL_NAMES[step]}: ${meaningOf(kind)}${said && ` (${said})`}, ${fromNow(at)}`;
}

function nextStep({ status, inquiries, timeline, attention, outcome }: RefundView): string | undefined {
  if (outcome) return undefined;
  if (attention) return 'needs an operator';
  if (inquiries.nextAt === undefined) return `${status}: a call to WorldFirst is due or running`;
  const wait = timeline.findLast(({ event }) => event === 'wait');
  const when = `${utc(inquiries.nextAt)} UTC, ${fromNow(inquiries.nextAt)}`;
  return wait ? `${when} (${wait.text})` : when;
}

function resultOf({ outcome }: RefundView): string | undefined {
  switch (outcome?.status) {
    case 'succeeded':
      return outcome.confirmedBy === 'operator'
        ? `closed as succeeded, based on ${BASIS.operator}${closed(outcome)}`
        : `the money was returned, based on ${BASIS[outcome.confirmedBy]}`;
    case 'accepted':
      return 'WorldFirst accepted the refund; whether the money arrived is not known here';
    case 'failed':
      return outcome.by
        ? `closed as failed, based on an operator’s decision: ${outcome.message}${closed(outcome)}`
        : `no money was returned: ${outcome.code}, ${outcome.message}`;
    case 'cancelled':
      return `cancelled before anything was sent, by ${outcome.by}: ${outcome.reason}`;
    case undefined:
      return undefined;
  }
}

function closed({ by, evidence }: { by?: string; evidence?: string }): string {
  return by ? ` (${[by, evidence].filter(Boolean).join(', ')})` : '';
}

function history(timeline: RefundView['timeline'], width: number, leftOut = 0): string {
  const indent = 2 + 'yyyy-mm-dd hh:mm:ss'.length + 2;
  const lines = timeline.map(({ at, text, by }) => {
    const words = terminalText(by === undefined ? text : `${text} (${by})`);
    return `  ${colors.dim(utc(at))}  ${wrapped(words, width, indent)}`;
  });
  const title = leftOut > 0 ? `Latest events (UTC; ${leftOut} earlier lines omitted)` : 'What happened (UTC)';
  return [title, ...lines].join('\n');
}

function attention({ attention }: RefundView, width: number): string[] {
  if (!attention) return [];
  const { reason, explanation, advice, since } = attention;
  const title = `Needs an operator: ${reason}, since ${utc(since)} UTC (${fromNow(since)})`;
  return [
    [
      colors.bold(colors.yellow(wrapped(title, width))),
      ...[explanation, advice].map((text) => `  ${wrapped(terminalText(text), width, 2)}`),
    ].join('\n'),
  ];
}

function commands({ attention, refundRequestId }: RefundView, width: number): string[] {
  if (!attention) return [];
  const decide = `${programName()} decide ${shellWord(refundRequestId)}`;
  const withEvidence = attention.decisions.filter((name) => DECISIONS[name].needsEvidence);
  return [
    `Decisions that apply now\n${decisionsText(attention.decisions, width)}`,
    [
      `  ${colors.bold(decide)}`,
      '    asks for the missing values; nothing is decided before you confirm',
      `  ${colors.bold(`${decide} DECISION --by YOU --reason 'WHY'`)}`,
      `    without questions; add --evidence 'PROOF' for ${withEvidence.join(' or ')}`,
    ].join('\n'),
  ];
}

const COLOUR: Record<ListedStatus, (text: string) => string> = {
  preparing: colors.cyan,
  applying: colors.cyan,
  unknown: colors.yellow,
  processing: colors.cyan,
  stopped: colors.red,
  'needs-attention': (text) => colors.bold(colors.yellow(text)),
  succeeded: colors.green,
  accepted: colors.green,
  failed: colors.red,
  cancelled: colors.dim,
};

/** Every status, in the order in which a refund may pass through them. */
export const STATUSES = Object.keys(COLOUR) as ListedStatus[];

/** The status, or another text in its place, in the status's colour. */
export function statusText(status: ListedStatus, text: string = status): string {
  return COLOUR[status](text);
}

/** Every decision. */
export const DECISION_NAMES = Object.keys(DECISIONS) as DecisionName[];

const WIDEST = Math.max(...DECISION_NAMES.map((name) => name.length));

/** Decisions, each with what it does to the money. */
export function decisionsText(names: readonly DecisionName[], width = Number.POSITIVE_INFINITY): string {
  return names
    .map((name) => {
      const { effect, needsEvidence } = DECISIONS[name];
      const text = needsEvidence ? `${effect} Needs evidence.` : effect;
      return `  ${colors.bold(padded(name, WIDEST))}  ${wrapped(text, width, WIDEST + 4)}`;
    })
    .join('\n');
}
