import { lookup } from 'node:dns/promises';
import type { MetricsExporterConfig } from '@temporalio/worker';
import type { Command } from 'commander';
import { CALL_DURATION_BUCKETS, METRICS } from '../rules/metrics.js';
import { CliError } from './failure.js';
import { hostAndPort } from './health.js';
import type { ListenFlags } from './http-server.js';
import { isSwitchedOff, otlpVariable } from './otel-variables.js';

/** Options of the commands that have metrics. */
export interface MetricsFlags {
  metrics?: ListenFlags;
}

/** Adds the flag to a command. */
export function withMetricsFlag(command: Command): Command {
  return command.option(
    '--metrics <host:port>',
    'serve /metrics for Prometheus; a port alone is on 127.0.0.1',
    hostAndPort,
  );
}

/** Where metrics go: to Prometheus by the flag, else to the collector that OpenTelemetry's variables name, else nowhere. */
export async function metricsExporter(
  { metrics }: MetricsFlags,
  env: NodeJS.ProcessEnv,
): Promise<MetricsExporterConfig | undefined> {
  const common = {
    useSecondsForDurations: true,
    histogramBucketOverrides: { [METRICS.callDuration.name]: CALL_DURATION_BUCKETS },
  };
  if (metrics) {
    const bindAddress = await socketAddress(metrics);
    const prometheus = { bindAddress, countersTotalSuffix: true, unitSuffix: true, ...common };
    return { attachServiceName: false, prometheus };
  }
  const collector = collectorOf(env);
  return collector && { attachServiceName: false, otel: { ...collector, ...common } };
}

/** The SDK takes addresses, and no names such as localhost. */
async function socketAddress({ host, port }: ListenFlags): Promise<string> {
  const { address, family } = await lookup(host).catch((error: Error) => {
    throw new CliError('CONFIGURATION', `--metrics cannot be opened: ${error.message}.`);
  });
  return `${family === 6 ? `[${address}]` : address}:${port}`;
}

/** OpenTelemetry's collector, by the standard variables of its exporters. */
function collectorOf(env: NodeJS.ProcessEnv) {
  const endpoint = otlpVariable(env, 'METRICS', 'ENDPOINT');
  if (!endpoint || isSwitchedOff(env, 'METRICS')) return undefined;
  const http = (otlpVariable(env, 'METRICS', 'PROTOCOL') ?? 'http/protobuf') !== 'grpc';
  const isComplete = Boolean(env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT) || !http;
  return {
    url: isComplete ? endpoint : `${endpoint.replace(/\/$/, '')}/v1/metrics`,
    http,
    headers: headersOf(otlpVariable(env, 'METRICS', 'HEADERS') ?? ''),
    metricsExportInterval: Number(env.OTEL_METRIC_EXPORT_INTERVAL) || 60_000,
  };
}

/** `name=value,name=value`, percent-encoded. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=');
    return name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())]];
  });
  return Object.fromEntries(pairs);
}
