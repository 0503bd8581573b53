export {
  AnotherRefundError,
  CheckRefusedError,
  DecisionRefusedError,
  InvalidRefundRequestError,
  NoWorkerError,
  RefundConflictError,
  RefundEndedError,
  RefundError,
  type RefundErrorCode,
  RefundNotFoundError,
  RefundNotRunError,
  TemporalUnreachableError,
} from './client/errors.js';
export type { Answer, FirstAnswer } from './client/first-answer.js';
export type { RefundFilter, RefundSummary } from './client/list.js';
export { RefundClient, type WaitOptions } from './client/refund-client.js';
export type { RefundClientSettings, StartedRefund, StartOptions } from './client/refund-starter.js';
export { refundRequestSchema } from './client/schema.js';
export { ATTENTION, type AttentionKey, type AttentionReason } from './refund/attention.js';
export type { Issue } from './refund/check.js';
export { checkRequest } from './refund/check-request.js';
export { DECISIONS, type DecisionName, type DecisionRefusal } from './refund/decide.js';
export { refundRequestIdOf, workflowIdOf } from './refund/ids.js';
export type { ClosureNotification, Decision, Remark } from './refund/messages.js';
export { type Amount, formatAmount, parseAmount } from './refund/money.js';
export type {
  Accepted,
  Cancelled,
  Failed,
  RefundOutcome,
  RefundStatus,
  Succeeded,
} from './refund/outcome.js';
export type {
  CashierRefundRequest,
  JsonObject,
  Product,
  RefundDetail,
  RefundRequest,
  RefundToDetail,
  WorldTradeRefundRequest,
} from './refund/request.js';
export {
  DOCUMENTED_INQUIRY_INTERVALS,
  type Interval,
  type RefundOptions,
  SETTLEMENT_INTERVALS,
} from './refund/schedule.js';
export { SEARCH_ATTRIBUTES } from './refund/search-attributes.js';
export { DEFAULT_TASK_QUEUE } from './refund/task-queue.js';
export type { AttentionView, RefundView } from './refund/view.js';
