/**
 * The `refund` workflow and its messages, for a workflows module of your own. Its worker needs the interceptors of this
 * module too: `RefundPlugin` and `createRefundWorker` add them.
 * @module worldfirst-refunds/workflows
 */
export {
  checkNowSignal,
  checkNowUpdate,
  decideSignal,
  decideUpdate,
  escalateSignal,
  firstAnswerUpdate,
  notificationSignal,
  type RefundWorkflow,
  refundQuery,
} from './definitions.js';
export { refund } from './refund.js';
