/**
 * Starts refunds, shows them and steers them, from any application.
 * @module worldfirst-refunds
 */
export type { ValidationIssue } from '../internal/check.js';
export { ATTENTION, type AttentionKey, type AttentionReason } from '../rules/attention.js';
export { checkRequest } from '../rules/check-request.js';
export { DECISIONS, type DecisionName, type DecisionRefusal } from '../rules/decision.js';
export { refundRequestIdOf, workflowIdOf } from '../rules/ids.js';
export type { AuditNote, ClosureNotification, Decision } from '../rules/messages.js';
export { type Amount, formatAmount, parseAmount } from '../rules/money.js';
export type {
  RefundAccepted,
  RefundCancelled,
  RefundFailed,
  RefundOutcome,
  RefundStatus,
  RefundSucceeded,
} from '../rules/outcome.js';
export type {
  CashierRefundRequest,
  JsonObject,
  Product,
  RefundDetail,
  RefundRequest,
  RefundToDetail,
  WorldTradeRefundRequest,
} from '../rules/request.js';
export {
  DOCUMENTED_INQUIRY_INTERVALS,
  type RefundInterval,
  type RefundOptions,
  SETTLEMENT_INTERVALS,
} from '../rules/schedule.js';
export { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';
export type { LastAnswer, TimelineEntry } from '../rules/state.js';
export type { SubmissionState } from '../rules/submission.js';
export { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
export type { AttentionView, RefundView } from '../rules/view.js';
export type { AuditDecision, AuditRecord, AuditRun } from './audit-record.js';
export type { AuditOptions } from './audit-records.js';
export type { AwaitedWorker, WorkerBuild } from './awaited-worker.js';
export type { CheckManyItem, CheckManyOptions } from './check-many.js';
export {
  AnotherRefundError,
  type AnyRefundError,
  CheckRefusedError,
  CodecFailedError,
  DecisionRefusedError,
  InvalidRefundRequestError,
  isRefundError,
  NamespaceNotSetUpError,
  NoWorkerError,
  PayloadNotReadableError,
  RefundConflictError,
  RefundEndedError,
  RefundError,
  type RefundErrorCode,
  RefundNotFoundError,
  RefundNotRunError,
  RefundPausedError,
  RefundStoppedError,
  TemporalBusyError,
  TemporalRefusedError,
  TemporalUnreachableError,
} from './errors.js';
export type { FirstAnswer, FirstAnswerStatus } from './first-answer.js';
export type { ListedStatus, RefundFilter, RefundSummary } from './list-refunds.js';
export { type OpenRefundsOptions, reportOpenRefunds } from './open-refunds.js';
export type { ReferenceHash } from './reference-hash.js';
export { RefundClient, type WaitOptions } from './refund-client.js';
export type { RefundClientOptions, StartedRefund, StartOptions } from './refund-starter.js';
export { refundRequestSchema } from './request-schema.js';
export type { WorkflowStop } from './run-history.js';
export type { StartManyItem, StartManyOptions, StartManyResult } from './start-many.js';
