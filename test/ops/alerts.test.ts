import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { METRICS, prometheusName } from '../../rules/metrics.js';

const RULES = path.resolve(import.meta.dirname, '../../ops/prometheus/alerts.yml');
const CASES = path.resolve(import.meta.dirname, 'alerts.yml');
const rules = readFileSync(RULES, 'utf8');
const cases = readFileSync(CASES, 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

function hasPromtool(): boolean {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: the cases of the alert rules need promtool, which comes with Prometheus');
    return false;
  }
}

test.skipIf(!hasPromtool())('the alerts are raised in their cases, and only there', async () => {
  const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', CASES]);
  expect(stdout).toContain('SUCCESS');
});

test('the alert rules name only metrics that exist', () => {
  const known = Object.values(METRICS).map(prometheusName);
  const named = new Set(rules.match(/worldfirst_refunds_\w+/g));
  expect(named.size).toBeGreaterThan(4);
  for (const name of named) expect(known).toContain(name);
});

test('each alert has a case in which it is raised, and is explained in the documentation', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
  const raised = cases.split(/alertname: /).filter((text) => /^\w+\s+exp_alerts:/.test(text));
  for (const alert of alerts) {
    expect(raised.some((text) => text.startsWith(`${alert}\n`))).toBe(true);
    expect(page).toContain(`| \`${alert}\` |`);
  }
});
