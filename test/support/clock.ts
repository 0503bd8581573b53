/** Steps the clock of this process, as an operator or NTP steps that of a machine. Returns what sets it right again. */
export function stepClock(milliseconds: number): () => void {
  return replaceClock(() => milliseconds);
}

/** Lets a second pass whenever the clock of this process is read. Returns what sets the clock right again. */
export function passASecondAtEachReading(): () => void {
  let readings = 0;
  return replaceClock(() => {
    readings += 1;
    return readings * 1_000;
  });
}

function replaceClock(ahead: () => number): () => void {
  const Right = globalThis.Date;
  const now = () => Right.now() + ahead();
  globalThis.Date = class extends Right {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [now()] : given) as []));
    }
    static override now() {
      return now();
    }
  } as DateConstructor;
  return () => {
    globalThis.Date = Right;
  };
}
