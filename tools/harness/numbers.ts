import { InvalidArgumentError } from 'commander';

/** Reads a whole number from the command line. */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Reads a whole number that is not 0. */
export function atLeastOne(text: string): number {
  if (count(text) === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count(text);
}
