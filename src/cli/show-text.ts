import { DECISIONS, type DecisionName } from '../refund/decide.js';
import { formatAmount } from '../refund/money.js';
import type { RefundView } from '../refund/view.js';
import { colors } from './output.js';
import { plain } from './plain.js';
import { shellWord } from './shell.js';
import { statusText } from './status-text.js';
import { fromNow, utc } from './times.js';

/** One refund, as a page for people. */
export function showText(view: RefundView): string {
  return [heading(view), facts(view), ...attention(view), history(view)].join('\n\n');
}

function heading({ refundRequestId, status }: RefundView): string {
  return `${colors.bold(plain(refundRequestId))}  ${statusText(status)}`;
}

function facts(view: RefundView): string {
  const { product, reference, amount, outcome, lastAnswer, inquiries } = view;
  const said = [lastAnswer?.kind, lastAnswer?.code, lastAnswer?.message].filter(Boolean).join(' · ');
  const rows: [string, string | undefined][] = [
    [product === 'worldtrade' ? 'trade' : 'payment', `${reference} (${product})`],
    ['amount', amount && formatAmount(amount)],
    ['request id', view.providerRequestId],
    ['refund id', view.refundId],
    ['refund order id', view.refundOrderId],
    ['payment order id', view.paymentOrderId],
    ['workflow', view.workflowId],
    ['inquiries', inquiries.allowed > 0 ? `${inquiries.done} of ${inquiries.allowed}` : undefined],
    ['last answer', lastAnswer && `${lastAnswer.step}: ${said} (${fromNow(lastAnswer.at)})`],
    ['next', nextStep(view)],
    ['result', outcome && resultOf(view)],
    ['advice', outcome && 'advice' in outcome ? outcome.advice : undefined],
  ];
  return table(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

function nextStep({ status, inquiries, timeline, attention, outcome }: RefundView): string | undefined {
  if (outcome) return undefined;
  if (attention) return 'waits for a person';
  if (inquiries.nextAt === undefined) return `${status}: a call to WorldFirst is under way`;
  const wait = timeline.findLast(({ event }) => event === 'wait');
  const when = `${utc(inquiries.nextAt)} UTC, ${fromNow(inquiries.nextAt)}`;
  return wait ? `${when} (${wait.text})` : when;
}

function resultOf({ outcome }: RefundView): string | undefined {
  switch (outcome?.status) {
    case 'succeeded':
      return `the money was returned, as confirmed by ${outcome.confirmedBy}${closed(outcome)}`;
    case 'accepted':
      return 'WorldFirst took the refund, and offers nothing that would confirm the settlement';
    case 'failed':
      return `no money was returned: ${outcome.code}, ${outcome.message}${closed(outcome)}`;
    case 'cancelled':
      return `stopped before anything was sent, by ${outcome.by}: ${outcome.reason}`;
    case undefined:
      return undefined;
  }
}

function closed({ by, evidence }: { by?: string; evidence?: string }): string {
  return by ? ` (${[by, evidence].filter(Boolean).join(', ')})` : '';
}

function attention({ attention, refundRequestId }: RefundView): string[] {
  if (!attention) return [];
  const { reason, explanation, advice, since, decisions } = attention;
  return [
    [
      colors.yellow(`A person is needed: ${reason}, since ${utc(since)} UTC (${fromNow(since)})`),
      `  ${plain(explanation)}`,
      `  ${plain(advice)}`,
    ].join('\n'),
    ['Decide with one of', ...decisions.map((name) => decisionText(refundRequestId, name))].join('\n'),
  ];
}

function decisionText(refundRequestId: string, name: DecisionName): string {
  const { effect, needsEvidence } = DECISIONS[name];
  const evidence = needsEvidence ? " --evidence 'WHAT SHOWS IT'" : '';
  const line = `worldfirst-refunds decide ${shellWord(refundRequestId)} ${name} --by YOU --reason 'WHY'${evidence}`;
  return `  ${colors.bold(line)}\n    ${effect}`;
}

function history({ timeline }: RefundView): string {
  const lines = timeline.map(
    ({ at, text, by }) =>
      `  ${colors.dim(utc(at))}  ${plain(text)}${by ? colors.dim(` (${plain(by)})`) : ''}`,
  );
  return ['What happened (UTC)', ...lines].join('\n');
}

function table(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${colors.dim(name.padEnd(width))}  ${plain(value)}`).join('\n');
}
