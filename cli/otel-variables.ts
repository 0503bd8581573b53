/** What is exported to OpenTelemetry's collector. */
export type OtelSignal = 'METRICS' | 'TRACES';

/** A standard variable of OpenTelemetry's exporters: the one of the signal, else the one of all signals. */
export function otlpVariable(
  env: NodeJS.ProcessEnv,
  signal: OtelSignal,
  name: 'ENDPOINT' | 'PROTOCOL' | 'HEADERS',
): string | undefined {
  return env[`OTEL_EXPORTER_OTLP_${signal}_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
}

/** Whether the standard variables switch a signal off. */
export function isSwitchedOff(env: NodeJS.ProcessEnv, signal: OtelSignal): boolean {
  return /^true$/i.test(env.OTEL_SDK_DISABLED ?? '') || env[`OTEL_${signal}_EXPORTER`] === 'none';
}
