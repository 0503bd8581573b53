/** Whether two types are the same, `any` and `undefined` included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where `Is` is true. */
export function expect<Is extends true>(_is?: Is): void {}
