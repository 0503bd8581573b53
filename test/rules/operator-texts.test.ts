import { expect, test } from 'vitest';
import { ATTENTION } from '../../rules/attention.js';
import { DECISIONS } from '../../rules/decision.js';
import { METRICS } from '../../rules/metrics.js';
import { BASIS } from '../../rules/outcome.js';
import { moneyOf } from '../../rules/submission.js';
import { RESULT_CODES } from '../../worldfirst/result-codes.js';
import { SUBMISSION_STATES } from './fixtures.js';

/**
 * Operators act upon these texts, so a text is changed only on purpose: `npx vitest run test/rules/operator-texts.test.ts -u`
 * writes `operator-texts.txt`, and its difference is reviewed.
 */
test('the texts for operators are those that were reviewed', async () => {
  const sections = {
    'Why a refund waits for an operator': Object.entries(ATTENTION).map(([key, { explanation, advice }]) => [
      key,
      explanation,
      advice,
    ]),
    'What each decision does to the money': Object.entries(DECISIONS).map(([name, rule]) => [
      name,
      rule.effect,
      `while ${rule.appliesWhile.join(', ')}${rule.needsEvidence ? ', with evidence' : ''}`,
      ...(rule.otherwise ? [`otherwise: ${rule.otherwise}`] : []),
    ]),
    'What is certain about the money': [
      ...SUBMISSION_STATES.map((submission) => [submission, moneyOf({ submission, generation: 1 })]),
      ['not-sent, under a later id', moneyOf({ submission: 'not-sent', generation: 2 })],
    ],
    'What a success is based on': Object.entries(BASIS),
    'What each metric counts': Object.entries(METRICS).map(([key, { meaning }]) => [key, meaning]),
    'WorldFirst’s result codes': Object.entries(RESULT_CODES).map(([code, { message, advice }]) => [
      code,
      message,
      advice,
    ]),
  };
  const page = Object.entries(sections).map(([title, entries]) =>
    [`# ${title}`, ...entries.map(([name, ...texts]) => [name, ...texts].join('\n  '))].join('\n\n'),
  );
  await expect(`${page.join('\n\n\n')}\n`).toMatchFileSnapshot('operator-texts.txt');
});
