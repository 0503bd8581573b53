import fc from 'fast-check';
import type { Refused, SendAnswer } from '../../rules/answer.js';
import { ATTENTION, type AttentionKey } from '../../rules/attention.js';
import { requireAttention } from '../../rules/changes.js';
import { DECISIONS, type DecisionName } from '../../rules/decision.js';
import type { Decision } from '../../rules/messages.js';
import type { CashierRefundRequest, WorldTradeRefundRequest } from '../../rules/request.js';
import { newState, type RefundState } from '../../rules/state.js';
import type { SubmissionState } from '../../rules/submission.js';

export const worldtrade: WorldTradeRefundRequest = {
  product: 'worldtrade',
  refundRequestId: 'R-1',
  tradeId: 'T-1',
};

export const cashier: CashierRefundRequest = {
  product: 'cashier',
  refundRequestId: 'R-2',
  payToId: 'PAY-1',
  refundToDetails: [
    {
      refundMethod: { paymentMethodType: 'WALLET_WF' },
      refundToAmount: { currency: 'USD', value: 1234 },
      refundAmount: { currency: 'EUR', value: 1100 },
    },
  ],
  refundReason: 'the goods came back',
};

export const STARTED = '2026-08-30T02:02:39.000Z';
export const LATER = '2026-08-30T03:00:00.000Z';

export const SUBMISSION_STATES = [
  'not-sent',
  'refused',
  'unknown',
  'accepted',
] as const satisfies SubmissionState[];
export const DECISION_NAMES = Object.keys(DECISIONS) as DecisionName[];
export const ATTENTION_KEYS = Object.keys(ATTENTION) as AttentionKey[];

export interface Situation {
  request?: WorldTradeRefundRequest | CashierRefundRequest;
  submission?: SubmissionState;
  generation?: number;
  /** Waiting for a person, for this reason. */
  waitingFor?: AttentionKey;
}

/** A refund in some situation. */
export function refundIn({
  request = worldtrade,
  submission = 'not-sent',
  generation = 1,
  waitingFor,
}: Situation = {}): RefundState {
  const state = newState(request, new Date(STARTED));
  Object.assign(state, { submission, generation, status: 'applying' });
  if (waitingFor) requireAttention(state, STARTED, waitingFor);
  return state;
}

/** Ana's decision, with evidence where it is needed. */
export function anas(decision: DecisionName, changes: Partial<Decision> = {}): Decision {
  const evidence = decision.startsWith('mark-') ? { evidence: 'ticket 7' } : {};
  return { decision, by: 'Ana', reason: 'because', ...evidence, ...changes };
}

export const signedNo: Refused = {
  kind: 'refused',
  code: 'PROCESS_FAIL',
  message: 'no',
  advice: 'call them',
  help: 'operator',
  signed: true,
};
const unsignedNo: Refused = { ...signedNo, code: 'INVALID_SIGNATURE', help: 'configuration', signed: false };

/** One answer of each meaning that a sending can have. */
export const SEND_ANSWERS: Record<string, SendAnswer> = {
  accepted: { kind: 'accepted', ids: { refundOrderId: 'RO-1' } },
  'a signed no': signedNo,
  'an unsigned no': unsignedNo,
  'try later': { kind: 'tryLater', code: 'REFUND_FAILED_TRY_AGAIN_LATER' },
  unknown: { kind: 'unknown', reason: 'The answer is not signed.' },
  'id in use': { kind: 'idInUse', code: 'REPEAT_REQ_INCONSISTENT' },
  'not sent': { kind: 'notSent', reason: 'connection refused' },
  mismatch: { kind: 'mismatch', differences: ['payToId is another one.'] },
};

export const anySendAnswer = fc.constantFrom(...Object.values(SEND_ANSWERS));
export const anySubmission = fc.constantFrom(...SUBMISSION_STATES);
