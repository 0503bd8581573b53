import type { ValidationIssue } from '../internal/check.js';
import { type Amount, parseAmount } from '../rules/money.js';

/** What `--amount` says. */
export function amountFrom(flag: string | undefined): { amount?: Amount; issues: ValidationIssue[] } {
  if (flag === undefined) return { issues: [] };
  const amount = parseAmount(flag);
  return typeof amount === 'string'
    ? { issues: [{ path: '--amount', message: amount }] }
    : { amount, issues: [] };
}
