/**
 * Workers that run refunds.
 * @module worldfirst-refunds/worker
 */
export { createReconciliationActivities } from '../reconciliation/activities.js';
export { ConfigurationError } from '../rules/configuration-error.js';
export { type AttentionWebhookOptions, attentionWebhook } from './attention-webhook.js';
export { refundWorkflowBundlePath, refundWorkflowInterceptors } from './bundle.js';
export {
  missingSearchAttributes,
  type OperatorConnection,
  type Registration,
  registerSearchAttributes,
} from './check-search-attributes.js';
export { ClosingNotices } from './closing-notices.js';
export { RefundPlugin, type RefundPluginOptions } from './plugin.js';
export { type RedactableSpanProcessor, redactSpans } from './redact-spans.js';
export { type RefundConfig, readRefundConfig } from './refund-config.js';
export { createRefundWorker, type RefundWorkerOptions } from './worker.js';
export { readWorkerConfig, type WorkerConfig } from './worker-config.js';
export { MissingSearchAttributesError, SearchAttributesRefusedError } from './worker-errors.js';
