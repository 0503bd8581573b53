import type { Issue } from '../internal/check.js';
import { type Amount, parseAmount } from '../rules/money.js';

/** What `--amount` says. */
export function amountFrom(flag: string | undefined): { amount?: Amount; issues: Issue[] } {
  if (flag === undefined) return { issues: [] };
  const amount = parseAmount(flag);
  return typeof amount === 'string'
    ? { issues: [{ path: '--amount', message: amount }] }
    : { amount, issues: [] };
}
