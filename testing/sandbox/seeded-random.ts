import { createHash } from 'node:crypto';

/** Eight numbers from 0 to below 1 that follow from what is named and from nothing else, so that no call changes those of another. */
export function randomNumbers(...named: readonly (string | number)[]): number[] {
  const digest = createHash('sha256').update(JSON.stringify(named)).digest();
  return Array.from({ length: 8 }, (_, index) => digest.readUInt32BE(4 * index) / 2 ** 32);
}

/** One of several, by such a number. There must be one at least. */
export function pick<Choice>(from: readonly Choice[], number: number): Choice {
  return from[Math.floor(number * from.length)] as Choice;
}
