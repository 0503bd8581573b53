/** A key file or state file cannot be used. The message names the file and the fix. */
export class SandboxFileError extends Error {
  override readonly name = 'SandboxFileError';
}
