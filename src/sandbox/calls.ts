import type { JsonObject } from '../refund/request.js';
import type { Operation, ResultStatus } from '../worldfirst/result-codes.js';
import { coded, type Decision, result } from './answers.js';
import type { Books } from './books.js';
import { type Delivery, signed } from './delivery.js';
import { type FaultName, underFault } from './faults.js';
import { decide } from './operations.js';
import { nameOf, type Rule, type Rules } from './rules.js';

/** What a call is carried out with. */
export interface Surroundings {
  books: Books;
  rules: Rules;
  /** Passes the time that `slow` takes. */
  slow: () => Promise<void>;
}

/** Carries out one admitted call, with whatever is placed on it. `onFault` is told before anything waits. */
export async function call(
  api: Operation,
  body: JsonObject,
  surroundings: Surroundings,
  onFault: (name: string) => void,
): Promise<Delivery> {
  const { books } = surroundings;
  const decision = decide(api, books, body);
  const overtaken = decision.kind === 'valid' ? decision.accounts.flatMap(({ late }) => late.splice(0)) : [];
  const delivery = await delivered(api, body, decision, surroundings, onFault);
  for (const each of overtaken) carryOut(decide(each.api, books, each.body));
  return delivery;
}

async function delivered(
  api: Operation,
  body: JsonObject,
  decision: Decision,
  { books, rules, slow }: Surroundings,
  onFault: (name: string) => void,
): Promise<Delivery> {
  // What a request is refused for by itself comes first: a fault would hide the client's bug.
  if (decision.kind === 'invalid') return signed(decision.answer);
  const fromWords = decision.accounts.flatMap((account) => account.rules);
  const rule = rules.take(api, decision.ids, fromWords);
  if (!rule) return signed(carryOut(decision));
  onFault(nameOf(rule));
  const wait = waitOf(rule, slow);
  if (isPlaced('duplicated', rule)) {
    carryOut(decision);
    return signed(carryOut(decide(api, books, body)));
  }
  if (isPlaced('overtaken', rule) && rule.behaviour.phase === 'before')
    decision.accounts[0]?.late.push({ api, body });
  if (!wait) return instead(rule, api, decision);
  if (rule.behaviour.phase === 'after') {
    const answer = carryOut(decision);
    await wait();
    return signed(answer);
  }
  await wait();
  // Decided anew: while this call waited, another one may have changed everything.
  return signed(carryOut(decide(api, books, body)));
}

function carryOut(decision: Decision): JsonObject {
  if (decision.kind === 'valid') {
    decision.read();
    decision.effect();
  }
  return decision.answer;
}

function instead({ behaviour }: Rule, api: Operation, decision: Decision & { kind: 'valid' }): Delivery {
  if (behaviour.phase === 'after') carryOut(decision);
  if ('fault' in behaviour) return underFault(behaviour.fault, decision.answer);
  // A code or an answer of the test's own is WorldFirst's, so WorldFirst has read the request.
  decision.read();
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
