/** The task queue that workers and clients use unless they are told another one. */
export const DEFAULT_TASK_QUEUE = 'worldfirst-refunds';
