import type { JsonObject } from '../../rules/request.js';
import type { Operation, ResultStatus } from '../../worldfirst/result-codes.js';
import { type FaultName, faultDelivery, type Phase } from './faults.js';

/** Which calls a behaviour is placed on. */
export interface Where {
  api: Operation;
  /** A request id, trade id, payment or refund id that the call is about; any call of the API when absent. */
  id?: string;
  /** How many calls: 1 when absent; `Infinity` for all of them. */
  times?: number;
}

/**
 * What happens to a call instead of the true answer. `phase` says whether the request has its effect all the same:
 * `before` it has none, `after` it has. A request that is wrong by itself is refused for that, and uses nothing up.
 */
export type Behaviour =
  | { fault: FaultName; phase: Phase }
  /** A result code, with the status that the API's page gives it unless another one is named. */
  | { code: string; status?: ResultStatus; phase: Phase }
  /** Any body, properly signed. */
  | { answer: JsonObject; phase: Phase };

/** A call that waits for the test: nothing (`before`) or everything but the answer (`after`) has happened. */
export interface Hold {
  /** Resolves when the call is there, and is being held. */
  arrived: Promise<void>;
  /** Lets it go on, truthfully. Can be called before the call arrives. */
  release(): void;
}

interface HeldCall {
  hold: { arrive: () => void; released: Promise<void> };
  phase: Phase;
}

/** A behaviour on its place, with the number of calls that it is still for. */
export interface Rule {
  api: Operation;
  id?: string;
  left: number;
  behaviour: Behaviour | HeldCall;
}

/** The rules that tests placed. */
export class Rules {
  readonly #rules: Rule[] = [];

  /** Places a behaviour. Rules apply one after the other, in the order in which they were placed. */
  when({ api, id, times = 1 }: Where, behaviour: Behaviour): void {
    if ('fault' in behaviour) faultDelivery(behaviour.fault, {}); // A misspelt fault is a mistake now, not at the call.
    this.#rules.push({ api, ...(id !== undefined && { id }), left: times, behaviour });
  }

  /** Places a hold on one call. */
  hold({ api, id }: Omit<Where, 'times'>, phase: Phase): Hold {
    const arrival = signal();
    const release = signal();
    const hold = { arrive: arrival.send, released: release.sent };
    this.#rules.push({ api, ...(id !== undefined && { id }), left: 1, behaviour: { hold, phase } });
    return { arrived: arrival.sent, release: release.send };
  }

  /** The rule for this call, used up by one: a test's first, otherwise one of those that the words of the id placed. */
  take(api: Operation, ids: readonly string[], fromWords: readonly Rule[]): Rule | undefined {
    const applies = (rule: Rule) =>
      rule.left > 0 && rule.api === api && (rule.id === undefined || ids.includes(rule.id));
    const rule = this.#rules.find(applies) ?? fromWords.find(applies);
    if (rule) rule.left -= 1;
    return rule;
  }
}

/** For the journal: `dropped-after`, `PROCESS_FAIL-before`, `hold-before`. */
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
