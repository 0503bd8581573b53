import type { InformationKind } from './differences.js';
import type { Comparison, Difference, Finding, NotChecked } from './reconcile.js';
import type { Product } from './request.js';

/** The refunds that are compared: those that ended in this time, and all that wait for an operator. */
export interface ReconciledPeriod {
  /** ISO 8601 in UTC. */
  from: string;
  /** ISO 8601 in UTC, excluded. */
  to: string;
  /** Both products when absent. */
  product?: Product;
}

/** What a page of a reconciliation, or all of it, came to. */
export interface ReconciliationReport {
  /** The refunds that were compared. */
  refunds: number;
  /** Those of them without any difference, information or id that was not checked. */
  agreed: number;
  /** The calls of `inquireRefund`. */
  inquiries: number;
  differences: Difference[];
  information: Finding<InformationKind>[];
  /** A reconciliation with any of these is not complete. */
  notChecked: NotChecked[];
}

/** A report in which nothing was compared yet. */
export function emptyReport(): ReconciliationReport {
  return { refunds: 0, agreed: 0, inquiries: 0, differences: [], information: [], notChecked: [] };
}

/** Adds the comparison of one refund. */
export function addComparison(
  report: ReconciliationReport,
  { differences, information, notChecked }: Comparison,
  inquiries: number,
): void {
  report.refunds += 1;
  report.inquiries += inquiries;
  if (differences.length + information.length + notChecked.length === 0) report.agreed += 1;
  report.differences.push(...differences);
  report.information.push(...information);
  report.notChecked.push(...notChecked);
}
