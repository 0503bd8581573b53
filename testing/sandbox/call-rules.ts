import type { JsonObject } from '../../rules/request.js';
import type { Operation, ResultStatus } from '../../worldfirst/result-codes.js';
import { checkFaultName, type Phase, type PlacedFault } from './faults.js';

/** The calls that a behaviour applies to. */
export interface Where {
  api: Operation;
  /** A request id, trade id, payment id or refund id of the call. The behaviour applies to any call of the API when absent. */
  id?: string;
  /** The number of calls: 1 when absent, `Infinity` for every call. */
  times?: number;
}

/**
 * What happens to a call instead of the true answer. `phase` says whether the request has its effect: with `before` it
 * has none, with `after` it has. A request that breaks the API's rules is refused as usual and does not count as a call.
 */
export type Behaviour =
  | PlacedFault
  /** A result code. Its status is the one of the API's page unless `status` is set. */
  | { code: string; status?: ResultStatus; phase: Phase }
  /** Any body, with a valid signature. */
  | { answer: JsonObject; phase: Phase };

/** A call that waits for the test, before its effect (`before`) or between its effect and its answer (`after`). */
export interface Hold {
  /** Resolves when the call has arrived and is held. */
  arrived: Promise<void>;
  /** Lets the call continue without a fault. It may be called before the call arrives. */
  release(): void;
}

interface HeldCall {
  hold: { arrive: () => void; released: Promise<void> };
  phase: Phase;
}

/** A behaviour with the calls that it applies to. `left` is the number of calls that remain. */
export interface Rule {
  api: Operation;
  id?: string;
  left: number;
  behaviour: Behaviour | HeldCall;
}

/** The rules that a test has set. */
export class Rules {
  readonly #rules: Rule[] = [];

  /** Adds a behaviour. Rules apply in the order in which they were added. */
  when({ api, id, times = 1 }: Where, behaviour: Behaviour): void {
    // A misspelt fault throws here and not at the call.
    if ('fault' in behaviour) checkFaultName(behaviour.fault);
    this.#rules.push({ api, ...(id !== undefined && { id }), left: times, behaviour });
  }

  /** Holds one call. */
  hold({ api, id }: Omit<Where, 'times'>, phase: Phase): Hold {
    const arrival = signal();
    const release = signal();
    const hold = { arrive: arrival.send, released: release.sent };
    this.#rules.push({ api, ...(id !== undefined && { id }), left: 1, behaviour: { hold, phase } });
    return { arrived: arrival.sent, release: release.send };
  }

  /** The rule for this call. Its number of calls goes down by one. Rules of the test come before those of the id's words. */
  take(api: Operation, ids: readonly string[], fromWords: readonly Rule[]): Rule | undefined {
    const applies = (rule: Rule) =>
      rule.left > 0 && rule.api === api && (rule.id === undefined || ids.includes(rule.id));
    const rule = this.#rules.find(applies) ?? fromWords.find(applies);
    if (rule) rule.left -= 1;
    return rule;
  }
}

/** The name of a rule in the journal: `dropped-after`, `PROCESS_FAIL-before`, `hold-before`. */
export function nameOf({ behaviour }: Rule): string {
  if ('fault' in behaviour) return `${behaviour.fault}-${behaviour.phase}`;
  if ('code' in behaviour) return `${behaviour.code}-${behaviour.phase}`;
  return `${'hold' in behaviour ? 'hold' : 'answer'}-${behaviour.phase}`;
}

function signal(): { sent: Promise<void>; send: () => void } {
  let send = () => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  return { sent, send };
}
