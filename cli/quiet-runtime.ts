import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import { terminalText } from './terminal-text.js';

/** Sets the SDK up for a command: warnings only, one line each on stderr, and signals are the command's business. */
export function installQuietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => {
      const line = lineOf(entry, Date.now());
      if (line !== undefined) process.stderr.write(`${line}\n`);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    shutdownSignals: [],
  });
}

// The SDK has many calls open, and each of them says that it was tried again.
const UNANSWERED = /^gRPC call \w+ retried/;
const SAY_AGAIN_AFTER_MS = 60_000;
let saidAt = Number.NEGATIVE_INFINITY;

/**
 * An entry as a line; undefined where it was said just now. The SDK's own form spreads one over many lines, with a stack
 * trace.
 */
export function lineOf({ level, message, timestampNanos, meta }: LogEntry, now: number): string | undefined {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const { error, workflowId, activityType } = (meta ?? {}) as Record<string, unknown>;
  if (UNANSWERED.test(message)) {
    if (now - saidAt < SAY_AGAIN_AFTER_MS) return undefined;
    saidAt = now;
  }
  const words = [
    UNANSWERED.test(message) ? 'Temporal does not answer; the worker keeps trying' : message,
    error instanceof Error ? error.message : undefined,
    workflowId && `workflow ${String(workflowId)}`,
    activityType && `activity ${String(activityType)}`,
  ];
  // WorldFirst's own words are among them.
  return terminalText(`${time} ${level} ${words.filter(Boolean).join(' · ')}`);
}
