// @module-tag long
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePorts } from '../../testing/free-ports.js';
import { useCli } from '../cli/use-cli.js';
import { expectLoopbackOnly } from '../support/listening.js';

const RULES = path.resolve(import.meta.dirname, '../../ops/prometheus/alerts.yml');
const PATIENT = { timeout: 60_000, interval: 250 };

function hasPrometheus(): boolean {
  try {
    execFileSync('prometheus', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: the alerts of a real worker need Prometheus, which is not installed');
    return false;
  }
}

/** The alert rules with windows and ages of seconds. Nothing else of them differs. */
function inSeconds(rules: string): string {
  return rules
    .replaceAll(/\[\d+[mhd]\]/g, '[8s]')
    .replaceAll(/\bfor: \d+[mhd]/g, 'for: 1s')
    .replaceAll(/> \d{5,}/g, '> 2');
}

describe.skipIf(!hasPrometheus())('a real Prometheus that scrapes a real worker', () => {
  const { cli, queue, env } = useCli('prometheus');
  const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  let prometheus: ChildProcess;
  let metricsPort = 0;
  let apiPort = 0;

  beforeAll(async () => {
    [metricsPort = 0, apiPort = 0] = await freePorts(2);
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['alerts.yml'],
      scrape_configs: [{ job_name: 'refunds', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] }],
    };
    writeFileSync(path.join(folder, 'alerts.yml'), inSeconds(readFileSync(RULES, 'utf8')));
    // JSON is YAML.
    writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config));
    const flags = {
      'config.file': path.join(folder, 'prometheus.yml'),
      'storage.tsdb.path': path.join(folder, 'data'),
      'web.listen-address': `127.0.0.1:${apiPort}`,
      'log.level': 'error',
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    prometheus = spawn('prometheus', args, { stdio: 'ignore' });
  });

  afterAll(async () => {
    if (prometheus.exitCode === null) {
      const ended = once(prometheus, 'exit');
      prometheus.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function startWorker() {
    const worker = cli.start(['worker', '--metrics', String(metricsPort)], env);
    await worker.says('worker ready');
    return worker;
  }

  async function ask(what: string) {
    const response = await fetch(`http://127.0.0.1:${apiPort}/api/v1/${what}`);
    // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test looks at
    return ((await response.json()) as { data: any }).data;
  }

  async function firing(): Promise<string[]> {
    const { alerts } = await ask('alerts');
    type Alert = { state: string; labels: { alertname: string } };
    const raised = (alerts as Alert[]).filter(({ state }) => state === 'firing');
    return [...new Set(raised.map(({ labels }) => labels.alertname))];
  }

  const untilFiring = (alert: string) =>
    vi.waitFor(async () => expect(await firing()).toContain(alert), PATIENT);
  const untilResolved = (alert: string) =>
    vi.waitFor(async () => expect(await firing()).not.toContain(alert), PATIENT);

  /** The value of a query; undefined while there is none. */
  async function sample(query: string): Promise<number | undefined> {
    const { result } = await ask(`query?query=${encodeURIComponent(query)}`);
    return result[0] && Number(result[0].value[1]);
  }

  function start(name: string, tradeId: string) {
    const args = ['refund', 'worldtrade', '--request-id', `${queue}-${name}`, '--trade-id', tradeId];
    return cli.run(args, { env });
  }

  test('a wrong signature and a missing worker raise their alerts, which resolve', {
    timeout: 180_000,
  }, async () => {
    const worker = await startWorker();
    const pollers = 'sum(temporal_num_pollers{poller_type="workflow_task"})';
    await vi.waitFor(async () => expect(await sample(pollers)).toBeGreaterThan(0), PATIENT);
    expectLoopbackOnly(prometheus.pid, [apiPort]);
    await untilResolved('RefundWorkerMissing');
    await start('good', `trade-good-${queue}`);
    await vi.waitFor(
      async () => expect(await sample('sum(worldfirst_refunds_ended_total{outcome="succeeded"})')).toBe(1),
      PATIENT,
    );
    expect(await firing()).toEqual([]);

    await start('forged', `trade-wrong-signature-after-${queue}`);
    await untilFiring('WorldFirstSignatureInvalid');
    await untilResolved('WorldFirstSignatureInvalid');
    // That refund is unknown until its next inquiry, or until an operator takes it.
    await untilFiring('RefundOpenForLong');
    expect(await sample('max(worldfirst_refunds_open{status="unknown"})')).toBe(1);
    const about = ['--by', 'ana', '--reason', 'WorldFirst confirmed it'];
    await cli.run(['escalate', `${queue}-forged`, ...about], { env });
    await untilFiring('RefundsWaitForOperator');
    await untilResolved('RefundOpenForLong');

    expect((await worker.end('SIGTERM')).code).toBe(0);
    await untilFiring('RefundWorkerMissing');
    await startWorker();
    await untilResolved('RefundWorkerMissing');

    const { groups } = await ask('rules');
    type Rule = { name: string; health: string };
    const unhealthy = groups
      .flatMap(({ rules }: { rules: Rule[] }) => rules)
      .filter(({ health }: Rule) => health !== 'ok');
    expect(unhealthy).toEqual([]);
  });
});
