import type { ProviderIds } from './answer.js';
import type { AttentionKey } from './attention.js';
import type { DifferenceKind } from './differences.js';
import { runLink, savedViewLink, WAITING_REFUNDS } from './links.js';
import type { Decided } from './messages.js';
import { type Amount, parseAmount } from './money.js';
import type { RefundOutcome } from './outcome.js';
import type { Difference, RecordedStatus } from './reconcile.js';
import type { Product } from './request.js';
import { type OpenAttention, providerRequestId, type RefundState, referenceOf } from './state.js';
import { moneyOf, type SubmissionState } from './submission.js';
import { type AttentionView, attentionViewOf } from './view.js';

/** The notice that a refund needs an operator, or no longer needs one, as a Standard Webhooks payload. */
export interface AttentionNotice {
  /** The same for every delivery of one notice, so that a receiver recognizes a repeat. */
  id: string;
  /** The version of this format. */
  version: 2;
  type:
    | 'refund.needs-attention'
    | 'refund.still-needs-attention'
    | 'refund.attention-closed'
    | 'refund.difference-found';
  /** Since when the refund needs an operator, or when it stopped to need one; ISO 8601 in UTC. */
  timestamp: string;
  data: {
    refundRequestId: string;
    workflowId: string;
    /** Added by the worker, like `runId` and the links. */
    namespace?: string;
    runId?: string;
    /** The refund in Temporal's Web UI, if the worker knows the address of the Web UI. */
    link?: string;
    /** All refunds that wait for the same reason, in Temporal's Web UI; like `link`. */
    listLink?: string;
    product: Product;
    /** `tradeId` or `payToId`. */
    reference: string;
    amount?: Amount;
    startedAt: string;
    /** What is certain about the request under the id in use. */
    submission: SubmissionState;
    /** What is certain about the money, as a sentence. */
    money: string;
    /** The id in use towards WorldFirst, and WorldFirst's ids as far as they are known. */
    ids: { providerRequestId: string } & ProviderIds;
    /** The inquiries that are done, and that are allowed. */
    inquiries: { done: number; allowed: number };
    /** After `refund.difference-found` the reason is the kind of difference, and there are no decisions. */
    attention: Omit<AttentionView, 'reason'> & { reason: AttentionKey | DifferenceKind };
    /** `key` is the same from the first notice to the closing one. `group` is the same for refunds with the same problem. */
    incident: { key: string; group: string };
    /** The command that shows the refund, and asks for the decision. */
    command: string;
    /** Only when the attention is closed. */
    closed?: Closing;
    /** Only after `refund.difference-found`: what a reconciliation found. */
    difference?: Pick<Difference, 'kind' | 'requestId' | 'recorded' | 'answered'>;
  };
}

/** What the `refund` workflow calls in its worker. A call writes nothing into the history. */
export type RefundSinks = { worldfirstRefunds: { attentionClosed(notice: AttentionNotice): void } };

/** Why a refund no longer needs an operator for this reason. */
interface Closing {
  at: string;
  /** The operator's decision; absent where something else closed it. */
  decision?: Decided['decision'];
  by?: string;
  /** The end of the refund, if it has ended. */
  outcome?: RefundOutcome['status'];
  /** Another reason for which the refund needs an operator now; it has a notice of its own. */
  nextReason?: OpenAttention['key'];
}

/** The notice about a refund that needs an operator, or its reminder. */
export function noticeOf(
  state: RefundState,
  attention: OpenAttention,
  kind: 'first' | 'reminder',
): AttentionNotice {
  return {
    id: `${incidentKeyOf(state, attention)}/${kind}`,
    version: 2,
    type: kind === 'first' ? 'refund.needs-attention' : 'refund.still-needs-attention',
    timestamp: attention.since,
    data: dataOf(state, attentionViewOf(state, attention)),
  };
}

/** The notice that a refund no longer needs an operator for this reason. */
export function closingNoticeOf(state: RefundState, attention: OpenAttention, now: string): AttentionNotice {
  const { decided, outcome, attention: next } = state;
  const isDecided = decided !== undefined && decided.at >= attention.since;
  const closed: Closing = {
    at: isDecided ? decided.at : now,
    ...(isDecided && { decision: decided.decision, by: decided.by }),
    ...(outcome && { outcome: outcome.status }),
    ...(next && { nextReason: next.key }),
  };
  const view = { ...attentionViewOf(state, attention), decisions: [] };
  return {
    id: `${incidentKeyOf(state, attention)}/closed`,
    version: 2,
    type: 'refund.attention-closed',
    timestamp: closed.at,
    data: { ...dataOf(state, view), closed },
  };
}

/** What was certain here about the request of a refund that a reconciliation compares. */
const SUBMISSION: Record<RecordedStatus, SubmissionState> = {
  succeeded: 'accepted',
  accepted: 'accepted',
  failed: 'refused',
  cancelled: 'not-sent',
  waiting: 'unknown',
  running: 'unknown',
  stopped: 'unknown',
};

/**
 * The notice that a reconciliation found a difference. Its id is the same each time that this difference is found.
 * @param now when it was found
 */
export function differenceNoticeOf(difference: Difference, now: string): AttentionNotice {
  const { kind, refundRequestId, workflowId, product, reference, requestId, recorded, answered } = difference;
  const { explanation, advice } = difference;
  const key = `${workflowId}/${kind}/${requestId}`;
  const amount = parseAmount(difference.amount ?? '');
  return {
    id: key,
    version: 2,
    type: 'refund.difference-found',
    timestamp: now,
    data: {
      refundRequestId,
      workflowId,
      product,
      reference,
      ...(typeof amount !== 'string' && { amount }),
      startedAt: difference.startedAt,
      submission: SUBMISSION[recorded],
      money: `The refund is ${recorded} in Temporal, and WorldFirst answers: ${answered}.`,
      ids: { providerRequestId: requestId },
      inquiries: { done: 1, allowed: 1 },
      attention: { reason: kind, explanation, advice, since: now, decisions: [] },
      incident: { key, group: `${product}/${kind}` },
      command: `worldfirst-refunds show ${quotedForShell(refundRequestId)}`,
      difference: { kind, requestId, recorded, answered },
    },
  };
}

/** The same notice with the run of the workflow and its links. */
export function withRun(
  notice: AttentionNotice,
  { namespace, runId }: { namespace: string; runId: string },
  webUiUrl?: string,
): AttentionNotice {
  const { workflowId, product, attention } = notice.data;
  const { reason } = attention;
  const query = `RefundAttention = '${reason}' AND RefundProduct = '${product}' AND ${WAITING_REFUNDS}`;
  const link = webUiUrl && { link: runLink(webUiUrl, { namespace, workflowId, runId }) };
  // No list query finds the refunds with one kind of difference.
  if (notice.type === 'refund.difference-found')
    return { ...notice, data: { ...notice.data, namespace, runId, ...link } };
  const links = webUiUrl && {
    ...link,
    listLink: savedViewLink(webUiUrl, namespace, `Refunds: ${product}, ${reason}`, query),
  };
  return { ...notice, data: { ...notice.data, namespace, runId, ...links } };
}

function dataOf(state: RefundState, attention: AttentionView): AttentionNotice['data'] {
  const { request, workflowId, amount, startedAt, submission, ids, inquiries } = state;
  const { refundRequestId, product } = request;
  return {
    refundRequestId,
    workflowId,
    product,
    reference: referenceOf(request),
    ...(amount && { amount }),
    startedAt,
    submission,
    money: moneyOf(state),
    ids: { providerRequestId: providerRequestId(state), ...ids },
    inquiries: { done: inquiries.done, allowed: inquiries.allowed },
    attention,
    incident: {
      key: `${workflowId}/${attention.since}`,
      group: `${product}/${attention.reason}`,
    },
    command: `worldfirst-refunds decide ${quotedForShell(refundRequestId)}`,
  };
}

function incidentKeyOf({ workflowId }: RefundState, { since }: OpenAttention): string {
  return `${workflowId}/${since}`;
}

function quotedForShell(text: string): string {
  return /^[\w.:][\w.:-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
