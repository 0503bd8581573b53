import type { JsonObject } from '../../rules/request.js';
import type { Operation, ResultStatus } from '../../worldfirst/result-codes.js';
import { coded, type Decision, result } from './answers.js';
import { type Delivery, signed } from './delivery.js';
import { type FaultName, underFault } from './faults.js';
import type { Ledger } from './ledger.js';
import { decide } from './operations.js';
import { type Behaviour, nameOf, type Rule, type Rules } from './rules.js';
import type { Deed } from './state-file.js';

/** What a call is carried out with. */
export interface Surroundings {
  ledger: Ledger;
  rules: Rules;
  /** Passes the time that `slow` takes. */
  slow: () => Promise<void>;
}

/** Hears of what happens to a call, in the moment that it happens. */
export interface Witness {
  /** @param fromWords whether it is one of the single calls that the words of an id place */
  fault(name: string, fromWords: boolean): void;
  did(what: Deed): void;
}

/**
 * Carries out one admitted call, with whatever is placed on it.
 * @param planned what happens where nothing is placed
 */
export async function call(
  api: Operation,
  body: JsonObject,
  surroundings: Surroundings,
  witness: Witness,
  planned?: Behaviour,
): Promise<Delivery> {
  const { ledger } = surroundings;
  const decision = decide(api, ledger, body);
  const overtaken =
    decision.kind === 'valid' ? decision.accounts.flatMap(({ deferred }) => deferred.splice(0)) : [];
  const delivery = await delivered(api, body, decision, surroundings, witness, planned);
  for (const each of overtaken) carryOut(decide(each.api, ledger, each.body), each.witness);
  return delivery;
}

async function delivered(
  api: Operation,
  body: JsonObject,
  decision: Decision,
  { ledger, rules, slow }: Surroundings,
  witness: Witness,
  planned?: Behaviour,
): Promise<Delivery> {
  // What a request is refused for by itself comes first: a fault would hide the client's bug.
  if (decision.kind === 'invalid') return signed(decision.answer);
  const fromWords = decision.accounts.flatMap((account) => account.rules);
  const placed = rules.take(api, decision.ids, fromWords);
  const rule = placed ?? (planned && { api, left: 0, behaviour: planned });
  if (!rule) return signed(carryOut(decision, witness));
  witness.fault(nameOf(rule), placed !== undefined && fromWords.includes(placed));
  const wait = waitOf(rule, slow);
  if (isPlaced('duplicated', rule)) {
    carryOut(decision, witness);
    return signed(carryOut(decide(api, ledger, body), witness));
  }
  if (isPlaced('overtaken', rule) && rule.behaviour.phase === 'before')
    decision.accounts[0]?.deferred.push({ api, body, witness });
  if (!wait) return instead(rule, api, decision, witness);
  if (rule.behaviour.phase === 'after') {
    const answer = carryOut(decision, witness);
    await wait();
    return signed(answer);
  }
  await wait();
  // Decided anew: while this call waited, another one may have changed everything.
  return signed(carryOut(decide(api, ledger, body), witness));
}

/** Does what is asked, and says what is to be answered. */
export function carryOut(decision: Decision, witness?: Witness): JsonObject {
  if (decision.kind === 'valid') {
    decision.read();
    decision.effect();
    witness?.did('carried out');
  }
  return decision.answer;
}

function instead(
  { behaviour }: Rule,
  api: Operation,
  decision: Decision & { kind: 'valid' },
  witness: Witness,
): Delivery {
  if (behaviour.phase === 'after') carryOut(decision, witness);
  if ('fault' in behaviour) return underFault(behaviour.fault, decision.answer);
  // A code or an answer of the test's own is WorldFirst's, so WorldFirst has read the request.
  decision.read();
  witness.did('read');
  if ('answer' in behaviour) return signed(behaviour.answer);
  if ('code' in behaviour) return signed(codedAs(behaviour, api));
  return signed(decision.answer);
}

function codedAs({ code, status }: { code: string; status?: ResultStatus }, api: Operation): JsonObject {
  return status === undefined ? coded(code, api) : result(code, status, code);
}

function isPlaced(fault: FaultName, { behaviour }: Pick<Rule, 'behaviour'>): boolean {
  return 'fault' in behaviour && behaviour.fault === fault;
}

function waitOf({ behaviour }: Rule, slow: () => Promise<void>): (() => Promise<void>) | undefined {
  if (isPlaced('slow', { behaviour })) return slow;
  if (!('hold' in behaviour)) return undefined;
  const { arrive, released } = behaviour.hold;
  return async () => {
    arrive();
    await released;
  };
}
