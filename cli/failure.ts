import type { ValidationIssue } from '../internal/check.js';
import { programName, withProgramName } from './shell.js';
import { terminalText } from './terminal.js';

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
  const refusal = refusalOf(error) ?? refusalOf(cause);
  if (refusal) return refusal;
  return {
    code: 'UNEXPECTED',
    message: `Something happened that should not: ${firstLine(message ?? String(error))}. Whether anything was done is not known.`,
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
    return ['error: the configuration is not right, so nothing was started:', ...issues.map(spaced)].join(
      '\n',
    );
  }
  return ['error: this is not valid, so nothing was done:', ...issues.map(withColon)].join('\n');
}

const spaced = ({ path, message }: ValidationIssue) => `  ${path} ${message}`;
const withColon = ({ path, message }: ValidationIssue) =>
  path === '' ? `  ${message}` : `  ${path}: ${message}`;

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
