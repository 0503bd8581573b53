import { runLink } from './links.js';
import type { ReconciledPeriod, ReconciliationResult } from './reconciliation.js';

/** The notice that a scheduled reconciliation could not check everything, as a Standard Webhooks payload. */
export interface ReconciliationNotice {
  /** The same for every delivery of one notice, so that a receiver recognizes a repeat. */
  id: string;
  /** The version of this format. */
  version: 1;
  type: 'reconciliation.incomplete';
  /** When the reconciliation ended; ISO 8601 in UTC. */
  timestamp: string;
  data: {
    /** The workflow of the reconciliation. */
    workflowId: string;
    /** Added by the worker, like `runId` and the link. */
    namespace?: string;
    runId?: string;
    /** The reconciliation in Temporal's Web UI, if the worker knows the address of the Web UI. */
    link?: string;
    period: ReconciledPeriod;
    /** The refunds that were compared, those of them that agree, and the entries of the result's lists. */
    counts: { refunds: number; agreed: number } & ReconciliationResult['counts'];
    /** Set where the reconciliation failed before its end: it has not compared all refunds of the period. */
    stoppedEarly?: true;
    /** Why, as a sentence: the reason that was met most often, or the failure that ended it. */
    reason: string;
    explanation: string;
    advice: string;
    /** `key` belongs to this reconciliation, and `group` to all of them. */
    incident: { key: string; group: string };
    /** The command that compares these refunds again, and those that have ended since. */
    command: string;
  };
}

const ADVICE = {
  'no-answer':
    'Find out why WorldFirst gave no answer, then run the command: it compares these refunds again, and changes none.',
  'no-evidence':
    'Compare the refunds that the inquiry says nothing about with a statement: add --statement to the command. Where the inquiry ' +
    'knows none of your WorldTrade refunds, make the schedule again with --product cashier.',
  failed: 'Find out why it failed, then run the command: it compares these refunds again, and changes none.',
};

/**
 * The notice that a reconciliation is not complete.
 * @param run the workflow of the reconciliation, and its first run
 * @param failure what ended it early, if it has failed
 */
export function incompleteNoticeOf(
  { period, refunds, agreed, counts, notChecked }: ReconciliationResult,
  run: { workflowId: string; firstRunId: string; now: string },
  failure?: string,
): ReconciliationNotice {
  const key = `${run.workflowId}/${run.firstRunId}`;
  const { noAnswer, notChecked: all } = counts;
  const found = [
    ...(failure === undefined
      ? []
      : [['The reconciliation failed before it had compared all refunds.', ADVICE.failed]]),
    ...(noAnswer > 0
      ? [[`Request ids about which WorldFirst gave no answer that counts: ${noAnswer}.`, ADVICE['no-answer']]]
      : []),
    ...(all > noAnswer
      ? [
          [
            `Request ids about which WorldFirst’s answers say nothing: ${all - noAnswer}.`,
            ADVICE['no-evidence'],
          ],
        ]
      : []),
  ];
  const { from, product } = period;
  return {
    id: `${key}/incomplete`,
    version: 1,
    type: 'reconciliation.incomplete',
    timestamp: run.now,
    data: {
      workflowId: run.workflowId,
      period,
      counts: { refunds, agreed, ...counts },
      ...(failure !== undefined && { stoppedEarly: true as const }),
      reason: failure ?? mostOften(notChecked.map(({ reason }) => reason)),
      explanation: [...found.map(([what]) => what), 'Whether these refunds differ is not known.'].join(' '),
      advice: found.map(([, advice]) => advice).join(' '),
      incident: { key, group: 'reconciliation/incomplete' },
      command: `worldfirst-refunds reconcile --since ${from}${product ? ` --product ${product}` : ''}`,
    },
  };
}

/** The same notice with the run of the workflow and its link. */
export function withReconciliationRun(
  notice: ReconciliationNotice,
  { namespace, runId }: { namespace: string; runId: string },
  webUiUrl?: string,
): ReconciliationNotice {
  const { workflowId } = notice.data;
  const link = webUiUrl && { link: runLink(webUiUrl, { namespace, workflowId, runId }) };
  return { ...notice, data: { ...notice.data, namespace, runId, ...link } };
}

function mostOften(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [[text] = ['']] = [...counts].sort(([, a], [, b]) => b - a);
  return text;
}
