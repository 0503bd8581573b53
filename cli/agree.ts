import { CliError } from './failure.js';
import type { Output } from './output.js';
import { isInteractive } from './terminal.js';

/**
 * Asks for a yes on a terminal.
 * @param unasked the error's text where there is no terminal to ask on
 * @throws CliError without a yes
 */
export async function agree(
  question: string,
  { yes, output, unasked }: { yes: boolean | undefined; output: Output; unasked: string },
): Promise<void> {
  if (yes) return;
  if (output.format !== 'text' || !isInteractive()) throw new CliError('USAGE', unasked);
  const { ask, left } = await import('./decide-prompt.js');
  const { default: confirm } = await import('@inquirer/confirm');
  if (!(await ask((context) => confirm({ message: question, default: false }, context)))) throw left();
}
