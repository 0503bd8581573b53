import type { AttentionNotice } from './attention-notice.js';
import type { InformationKind } from './differences.js';
import type { Comparison, Difference, Finding, NotChecked } from './reconcile.js';
import type { ReconciliationNotice } from './reconciliation-notice.js';
import type { Product } from './request.js';
import type { RefundInterval } from './schedule.js';

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

/** What the `reconcileRefunds` workflow compares, and how fast. */
export interface ReconciliationOptions {
  /** Refunds that ended within this time before the start; `7d` by default. */
  since?: RefundInterval;
  /** Both products when absent. */
  product?: Product;
  /** How many inquiries begin within a second; 2 by default. */
  callsPerSecond?: number;
  /** How many refunds one activity compares; 50 by default. */
  pageSize?: number;
  /** After how many pages the workflow continues as new; 50 by default. */
  pagesPerRun?: number;
}

/** One page that is compared. */
interface PageToReconcile {
  period: ReconciledPeriod;
  callsPerSecond: number;
  pageSize: number;
  /** Where the page begins; the first one when absent. */
  cursor?: string;
}

/** A page that was compared; `next` is where the page after it begins. */
interface ReconciledPage {
  report: ReconciliationReport;
  next?: string;
}

/** The activities that the `reconcileRefunds` workflow calls. */
export interface ReconciliationActivities {
  /** Compares a page of refunds with WorldFirst, and changes none of them. */
  reconcilePage(page: PageToReconcile): Promise<ReconciledPage>;
  /** Notifies about a difference, found in this run of the refund. Throws what the notifier throws; retryable. */
  notifyDifference(notice: AttentionNotice, runId: string): Promise<'notified' | 'no-notifier'>;
  /** Notifies that the reconciliation is not complete. Throws what the notifier throws; retryable. */
  notifyIncomplete(notice: ReconciliationNotice): Promise<'notified' | 'no-notifier'>;
}

/** How often a page is tried while WorldFirst does not answer; after the last attempt the rest counts as not checked. */
export const PAGE_ATTEMPTS = 6;

/** The result of the `reconcileRefunds` workflow: the whole report, with at most so many entries in each list. */
export interface ReconciliationResult extends ReconciliationReport {
  period: ReconciledPeriod;
  /** Whether WorldFirst answered about every refund. */
  complete: boolean;
  /** The numbers of all entries, also of those that the lists leave out. */
  counts: {
    differences: number;
    information: number;
    notChecked: number;
    /** Those of `notChecked` about which WorldFirst gave no answer that counts; about the others the answers say nothing. */
    noAnswer: number;
  };
  /** The differences that no notifier could be told about, because its calls failed. */
  notNotified: number;
}

const MOST_ENTRIES = 100;

/** A result in which nothing was compared yet. */
export function emptyResult(period: ReconciledPeriod): ReconciliationResult {
  const counts = { differences: 0, information: 0, notChecked: 0, noAnswer: 0 };
  return { period, complete: true, ...emptyReport(), counts, notNotified: 0 };
}

/** Adds a page to a result. */
export function addPage(result: ReconciliationResult, page: ReconciliationReport): void {
  result.refunds += page.refunds;
  result.agreed += page.agreed;
  result.inquiries += page.inquiries;
  for (const list of ['differences', 'information', 'notChecked'] as const) {
    result.counts[list] += page[list].length;
    const entries = result[list] as unknown[];
    entries.push(...page[list].slice(0, MOST_ENTRIES - entries.length));
  }
  result.counts.noAnswer += page.notChecked.filter(({ cause }) => cause === 'no-answer').length;
  result.complete = result.counts.notChecked === 0;
}

/** The counts as a sentence. */
export function resultSentence({ refunds, agreed, counts }: ReconciliationResult): string {
  return `${refunds} compared with WorldFirst: ${agreed} agree, differences: ${counts.differences}, not checked: ${counts.notChecked}`;
}
