import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { METRICS, prometheusName } from '../../rules/metrics.js';
import { dashboardFile, dashboardText } from '../../tools/docs/dashboard.js';
import { pages } from '../../tools/docs/fill.js';
import { noticeSchemaFiles } from '../../tools/docs/notice-schema.js';

const made = pages();

test('there are pages that are made from the code', () => {
  expect(made.map(({ file }) => path.basename(file)).sort()).toEqual([
    'attention-webhook.md',
    'command-line.md',
    'configuration.md',
    'metrics.md',
    'people.md',
    'reconciliation.md',
    'result-codes.md',
    'sandbox.md',
    'testing.md',
    'traces.md',
  ]);
});

test.each(made.map((page) => [path.basename(page.file), page] as const))(
  '%s says what the code says (npm run docs)',
  (_, { text, generated }) => {
    expect(text).toBe(generated);
  },
);

test('the Grafana dashboard shows every metric of the code (npm run docs)', () => {
  const text = readFileSync(dashboardFile, 'utf8');
  expect(text).toBe(dashboardText());
  for (const metric of Object.values(METRICS)) expect(text).toContain(prometheusName(metric));
});

test('the JSON Schemas of notices are those of the code (npm run docs)', () => {
  for (const { file, text } of noticeSchemaFiles) expect(readFileSync(file, 'utf8')).toBe(text);
});
