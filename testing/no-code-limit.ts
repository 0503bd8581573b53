/**
 * Options for workers of tests. The SDK ends workflow code that runs for 5 s, because it takes it for an endless loop. On a
 * busy machine ordinary code can take as long, and its sudden end can abort the whole process with the message "async hook
 * stack has become corrupted". The SDK has this option, but its public types do not.
 */
export const NO_CODE_LIMIT = { isolateExecutionTimeout: '5 minutes' };
