import { constants } from 'node:os';

/** The exit code of a program that was interrupted; undefined for any other. Shells use 128 plus the number of the signal. */
export function exitCodeOf({ aborted, reason }: AbortSignal): number | undefined {
  return aborted ? 128 + constants.signals[reason as NodeJS.Signals] : undefined;
}
