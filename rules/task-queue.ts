/** The task queue that workers and clients use by default. */
export const DEFAULT_TASK_QUEUE = 'worldfirst-refunds';
