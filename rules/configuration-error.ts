import type { ValidationIssue } from '../internal/check.js';

/** The configuration is not valid. The message has one line for each mistake, and never a secret; nothing was started. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  readonly code = 'CONFIGURATION';
  /** Every mistake; `path` is the name of the variable, or of what else is not valid. */
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    const lines = issues.map(({ path, message }) => `\n  ${path} ${message}`);
    super(`The configuration is not valid:${lines.join('')}`);
    this.issues = issues;
  }
}
