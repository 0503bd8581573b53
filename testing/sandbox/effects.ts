/** The effect of a request: its content is bound to its id, or it is carried out as well. */
export type Effect = 'read' | 'carried out';

/** Records what happens to a call at the moment that it happens. */
export interface EffectRecorder {
  /** @param fromWords whether the fault comes from the words of the id, so that it is used up */
  fault(name: string, fromWords: boolean): void;
  effect(effect: Effect, at: Date): void;
}
