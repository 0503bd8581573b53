import { type Command, Option } from 'commander';
import { escapeInvisible } from '../internal/sanitize.js';
import { refundRequestIdOf } from '../rules/ids.js';

/** How log lines are written to stderr: as text, or as one JSON document a line. */
export type LogFormat = 'text' | 'json';

/** What a log line is about; absent fields are left out. */
export interface LogFields {
  refundRequestId?: string | undefined;
  refundRequestIds?: readonly string[] | undefined;
  workflowId?: string | undefined;
  activityType?: string | undefined;
  /** The code of an error. */
  code?: string | undefined;
  error?: string | undefined;
}

/** One line of a log. */
export interface LogEvent extends LogFields {
  level: 'info' | 'warn' | 'error';
  message: string;
  /** Now, when absent. */
  time?: Date;
}

/** One event as one JSON document on one line. A line about a workflow of a refund has the refund's id too. */
export function jsonLogLine({ level, message, time = new Date(), workflowId, ...fields }: LogEvent): string {
  const refundRequestId = workflowId === undefined ? undefined : refundRequestIdOf(workflowId);
  return escapeInvisible(
    JSON.stringify({
      time: time.toISOString(),
      level,
      message,
      ...(refundRequestId !== undefined && { refundRequestId }),
      ...(workflowId !== undefined && { workflowId }),
      ...fields,
    }),
  );
}

/** Options of the commands that run as services. */
export interface LogFlags {
  logFormat?: LogFormat;
}

/** Adds the flag to a command. */
export function withLogFlag(command: Command): Command {
  const option = new Option('--log-format <format>', 'how lines on stderr are written');
  return command.addOption(option.choices(['text', 'json']).default('text'));
}
