import { CliError } from './failure.js';

interface Key {
  name?: string;
  ctrl?: boolean;
}

/**
 * Asks one question. Esc, Ctrl-C and Ctrl-D leave.
 * @param prompt one of inquirer's prompts, to be called with this context
 * @throws {@link left} when the person leaves
 */
export async function ask<Answer>(
  prompt: (context: { signal: AbortSignal }) => Promise<Answer>,
): Promise<Answer> {
  const leaving = new AbortController();
  // Inquirer itself hears Ctrl-C only: Esc would do nothing, and Ctrl-D would end the process without a word.
  const onKey = (_: unknown, { name, ctrl }: Key = {}) => {
    if (name === 'escape' || (ctrl && name === 'd')) leaving.abort();
  };
  process.stdin.on('keypress', onKey);
  try {
    return await prompt({ signal: leaving.signal });
  } catch (error) {
    throw ['AbortPromptError', 'ExitPromptError'].includes((error as Error).name) ? left() : error;
  } finally {
    process.stdin.off('keypress', onKey);
  }
}

/** What to say to who leaves before the end. */
export function left(): CliError {
  return new CliError(
    'INTERRUPTED',
    'left before the end: nothing was decided, and everything is as it was.',
  );
}
