/**
 * The `refund` workflow and its messages, for a workflows module of your own. Its worker needs the interceptors of this
 * module too: `RefundPlugin` and `createRefundWorker` add them.
 * @module worldfirst-refunds/workflows
 */
export type { AttentionNotice } from '../rules/attention-notice.js';
export { workflowIdOf } from '../rules/ids.js';
export type { AuditNote, Decision, SignedNotification } from '../rules/messages.js';
export type { RefundOutcome } from '../rules/outcome.js';
export type { ReconciliationOptions, ReconciliationResult } from '../rules/reconciliation.js';
export type { RefundRequest } from '../rules/request.js';
export type { RefundOptions } from '../rules/schedule.js';
export type { RefundView } from '../rules/view.js';
export { type RefundChildOptions, refundChildOptions } from './child-options.js';
export {
  checkNowSignal,
  checkNowUpdate,
  decideSignal,
  decideUpdate,
  escalateSignal,
  firstAnswerUpdate,
  needsOperatorSignal,
  notificationSignal,
  type RefundWorkflow,
  refundQuery,
} from './definitions.js';
export { reconcileRefunds } from './reconcile-refunds.js';
export { refund } from './refund.js';
export { type IdleRefund, waitUntilIdle } from './wait-until-idle.js';
