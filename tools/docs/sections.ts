import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ATTENTION } from '../../rules/attention.js';
import { DECISIONS } from '../../rules/decision.js';
import { MEANINGS } from '../../rules/differences.js';
import { METRICS, type Metric, prometheusName } from '../../rules/metrics.js';
import type { SubmissionState } from '../../rules/submission.js';
import { FAULTS, SCENARIOS } from '../../testing/sandbox/index.js';
import { SPAN_ATTRIBUTES } from '../../worker/redact-spans.js';
import { VARIABLES, type Variable } from '../../worker/variables.js';
import { RESULT_CODES, type ResultKind } from '../../worldfirst/index.js';
import { helpOfEveryCommand } from './help.js';

/** The parts of the documentation that are made from the code, by the name in their marker. */
export const SECTIONS: Record<string, () => string> = {
  'result-codes': () =>
    table(
      ['code', 'status', 'message', 'what follows', 'what to do'],
      Object.entries(RESULT_CODES).map(([code, { status, message, kind, advice }]) => [
        `\`${code}\``,
        status,
        message,
        FOLLOWS[kind],
        advice,
      ]),
    ),
  attention: () =>
    table(
      ['reason', 'what it means', 'what to do'],
      Object.entries(ATTENTION).map(([reason, { explanation, advice }]) => [
        `\`${reason}\``,
        explanation,
        advice,
      ]),
    ),
  differences: () =>
    table(
      ['kind', 'what it means', 'what to do'],
      Object.entries(MEANINGS).map(([kind, { explanation, advice }]) => [`\`${kind}\``, explanation, advice]),
    ),
  decisions: () =>
    table(
      ['decision', 'what it does', ...SUBMISSION_STATES, 'evidence'],
      Object.entries(DECISIONS).map(([decision, { effect, appliesWhile, needsEvidence }]) => [
        `\`${decision}\``,
        effect,
        ...SUBMISSION_STATES.map((submission) => (appliesWhile.includes(submission) ? 'yes' : 'no')),
        needsEvidence ? 'required' : '',
      ]),
    ),
  scenarios: () =>
    table(
      ['word', 'products', 'what happens'],
      SCENARIOS.map(({ word, products, description }) => [`\`${word}\``, products.join(', '), description]),
    ),
  faults: () =>
    table(
      ['FAULT', 'what the client sees'],
      FAULTS.map(({ word, description }) => [`\`${word}\``, description]),
    ),
  'variables-worldfirst': () => variables('worldfirst'),
  'variables-refunds': () => variables('refunds'),
  'variables-encryption': () => variables('encryption'),
  'variables-deployment': () => variables('deployment'),
  metrics: () =>
    table(
      ['metric', 'kind', 'labels', 'meaning'],
      Object.values<Metric>(METRICS).map((metric) => [
        `\`${prometheusName(metric)}\``,
        metric.kind,
        metric.labels.map((label) => `\`${label}\``).join(', '),
        metric.meaning,
      ]),
    ),
  'span-attributes': () =>
    table(
      ['attribute', 'meaning'],
      Object.entries(SPAN_ATTRIBUTES).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
  commands: helpOfEveryCommand,
  'example-refunds-test': () => code('examples/refunds.test.ts'),
  'example-slack': () => code('examples/attention-slack.ts'),
  'example-pagerduty': () => code('examples/attention-pagerduty.ts'),
};

const SUBMISSION_STATES: readonly SubmissionState[] = ['not-sent', 'refused', 'unknown', 'accepted'];

const FOLLOWS: Record<ResultKind, string> = {
  success: 'accepted',
  unknown: 'the inquiries',
  tryLater: 'the inquiries, same id',
  idInUse: 'one inquiry, then an operator decides: `id-used-before`',
  final: 'failed',
  operator: 'an operator decides',
  configuration: 'an operator decides: `configuration`',
};

function variables(wanted: Variable['table']): string {
  const rows = Object.entries<Variable>(VARIABLES).filter(([, variable]) => variable.table === wanted);
  return table(
    ['variable', 'default', 'meaning'],
    rows.map(([name, { file, about, isSecret, ...variable }]) => [
      file ? `\`${name}\` or \`…_FILE\`` : `\`${name}\``,
      variable.default ? `\`${variable.default}\`` : (variable.otherwise ?? 'required'),
      isSecret ? `${about} Never printed.` : about,
    ]),
  );
}

/** An example file as a snippet. */
function code(file: string): string {
  const text = readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
  return `\`\`\`ts\n${text.trim()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
