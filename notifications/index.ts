/**
 * Receives WorldTrade's closure notifications, and passes them on to the refunds that wait for them.
 * @module worldfirst-refunds/notifications
 */

export { createNotificationHandler, type NotificationHandlerOptions } from './handler.js';
export type { NotificationKeys } from './own-side.js';
export type { NotificationReport } from './report.js';
export { toNodeListener } from './to-node-listener.js';
