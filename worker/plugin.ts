import { SimplePlugin } from '@temporalio/plugin';
import { createRefundActivities, type RefundActivityDependencies } from '../activities/index.js';

/**
 * Adds what a refund needs to a worker of your own. A plugin cannot bring workflows along: your workflows module says
 * `export * from 'worldfirst-refunds/workflows'`.
 *
 * @example
 * const worker = await Worker.create({
 *   connection,
 *   taskQueue: 'payments',
 *   workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
 *   plugins: [new RefundPlugin({ worldfirst })],
 * });
 */
export class RefundPlugin extends SimplePlugin {
  constructor(dependencies: RefundActivityDependencies) {
    // The SDK applies a connection's plugins to its workers too; the same activities twice are the same activities.
    super({ name: 'worldfirst-refunds', activities: createRefundActivities(dependencies) });
  }
}
