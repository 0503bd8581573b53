/** Steps the clock of this process, as an operator or NTP steps that of a machine. Returns what sets it right again. */
export function stepClock(milliseconds: number): () => void {
  const Right = globalThis.Date;
  globalThis.Date = class extends Right {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Right.now() + milliseconds] : given) as []));
    }
    static override now() {
      return Right.now() + milliseconds;
    }
  } as DateConstructor;
  return () => {
    globalThis.Date = Right;
  };
}
