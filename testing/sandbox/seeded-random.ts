import { createHash } from 'node:crypto';

/** Eight numbers in [0, 1) that depend on the arguments only. The numbers of one call do not depend on other calls. */
export function randomNumbers(...key: readonly (string | number)[]): number[] {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest();
  return Array.from({ length: 8 }, (_, index) => digest.readUInt32BE(4 * index) / 2 ** 32);
}

/** Picks an element of a non-empty list by such a number. */
export function pick<Choice>(from: readonly Choice[], number: number): Choice {
  return from[Math.floor(number * from.length)] as Choice;
}
