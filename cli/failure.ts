import type { ValidationIssue } from '../internal/check.js';
import { programName, withProgramName } from './shell.js';
import { terminalText } from './terminal.js';

/** The meaning of the exit codes of all commands. */
export const EXIT = {
  done: 0,
  refused: 1,
  badInput: 2,
  needsOperator: 3,
  conflict: 4,
  unreachable: 5,
  /** Of `batch status`: some refunds have not ended. */
  running: 6,
  /** A bug of this program, which must not look like one of the others (EX_SOFTWARE of sysexits). */
  bug: 70,
  /** Shells use it for a program that SIGINT ended. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_ERROR_CODE: Record<string, ExitCode> = {
  USAGE: EXIT.badInput,
  INVALID_REQUEST: EXIT.badInput,
  CONFIGURATION: EXIT.badInput,
  MISSING_SEARCH_ATTRIBUTES: EXIT.badInput,
  SEARCH_ATTRIBUTES_REFUSED: EXIT.badInput,
  NO_TEMPORAL_SERVER: EXIT.unreachable,
  REFUND_CONFLICT: EXIT.conflict,
  ANOTHER_REFUND: EXIT.conflict,
  BATCH_REFUSED: EXIT.conflict,
  DECISION_REFUSED: EXIT.refused,
  CHECK_REFUSED: EXIT.refused,
  REFUND_ENDED: EXIT.refused,
  REFUND_NOT_RUN: EXIT.refused,
  REFUND_STOPPED: EXIT.needsOperator,
  REFUND_PAUSED: EXIT.needsOperator,
  TEMPORAL_BUSY: EXIT.unreachable,
  REFUND_NOT_FOUND: EXIT.unreachable,
  TEMPORAL_UNREACHABLE: EXIT.unreachable,
  TEMPORAL_REFUSED: EXIT.unreachable,
  NO_WORKER: EXIT.unreachable,
  CODEC_FAILED: EXIT.unreachable,
  WEBHOOK_FAILED: EXIT.unreachable,
  WEBHOOK_GONE: EXIT.refused,
  PAYLOAD_NOT_READABLE: EXIT.badInput,
  INTERRUPTED: EXIT.interrupted,
};

/** The exit code for an error's code. */
export function exitCodeFor(errorCode: string): ExitCode {
  return BY_ERROR_CODE[errorCode] ?? EXIT.bug;
}

/** What went wrong, as `--json` prints it. */
export interface Failure {
  code: string;
  message: string;
  issues?: readonly ValidationIssue[];
}

/** A failure of a command itself. */
export class CliError extends Error {
  readonly code: string;
  readonly issues?: readonly ValidationIssue[];

  constructor(code: string, message: string, issues?: readonly ValidationIssue[]) {
    super(message);
    this.code = code;
    if (issues) this.issues = issues;
  }
}

/** An error of any origin as the user of a command sees it. */
export function failureOf(error: unknown): Failure {
  const { code, message, issues, cause } = error as Partial<Failure> & { cause?: unknown };
  if (typeof code === 'string' && /^[A-Z_]+$/.test(code) && !code.startsWith('E'))
    return { code, message: withProgramName(message ?? ''), ...(issues && { issues }) };
  const missing = missingPackage(error);
  if (missing) return missing;
  const refusal = refusalOf(error) ?? refusalOf(cause);
  if (refusal) return refusal;
  return {
    code: 'UNEXPECTED',
    message: `Internal error: ${firstLine(message ?? String(error))}. It is not known whether the command took effect.`,
  };
}

/** The failure as text; parts of it may come from outside. */
export function failureText(failure: Failure): string {
  return textOf(failure).split('\n').map(terminalText).join('\n');
}

function textOf({ code, message, issues }: Failure): string {
  const aboutAll = issues?.every(({ path }) => path === '') ?? true;
  if (!issues || aboutAll) return `error: ${message}`;
  if (code === 'CONFIGURATION') {
    return ['error: the configuration is not valid, so nothing was started:', ...issues.map(spaced)].join(
      '\n',
    );
  }
  if (code === 'BATCH_REFUSED') return [`error: ${message}`, ...issues.map(withColon)].join('\n');
  return ['error: invalid input, nothing was done:', ...issues.map(withColon)].join('\n');
}

const spaced = ({ path, message }: ValidationIssue) => `  ${path} ${message}`;
const withColon = ({ path, message }: ValidationIssue) =>
  path === '' ? `  ${message}` : `  ${path}: ${message}`;

/** A package of Temporal's that npm installs by itself, and that other package managers may leave out. */
function missingPackage(error: unknown): Failure | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined;
  const [name] = /@temporalio\/[a-z]+/.exec(message ?? '') ?? [];
  if (name === undefined) return undefined;
  return {
    code: 'CONFIGURATION',
    message: `This command needs ${name}, which is not installed: npm install ${name}`,
  };
}

/** A refusal of Temporal's server, with gRPC's text. */
function refusalOf(error: unknown): Failure | undefined {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: unknown };
  if (typeof code !== 'number' || typeof details !== 'string') return undefined;
  if (/search attribute|Refund(Status|Product|Reference|Attention|NextCheckAt)/i.test(details)) {
    return {
      code: 'MISSING_SEARCH_ATTRIBUTES',
      message: `The namespace does not have the search attributes that a refund needs (${details}). Register them with \`${programName()} setup\`.`,
    };
  }
  return { code: 'TEMPORAL_REFUSED', message: `Temporal refused the call: ${details}.` };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
