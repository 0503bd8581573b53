import type { JsonObject } from '../../rules/request.js';
import type { Operation, ResultStatus } from '../../worldfirst/result-codes.js';
import { type Behaviour, nameOf, type Rule, type Rules } from './call-rules.js';
import { type Delivery, signed } from './delivery.js';
import type { EffectRecorder } from './effects.js';
import type { Evaluation } from './evaluation.js';
import { type FaultName, faultDelivery } from './faults.js';
import type { Ledger } from './ledger.js';
import { evaluate } from './operations.js';
import { coded, result } from './result-bodies.js';

/** What a call needs from the sandbox. */
export interface CallContext {
  ledger: Ledger;
  rules: Rules;
  /** Waits as long as the fault `slow` takes. */
  slow: () => Promise<void>;
}

/**
 * Carries out one admitted call under the rule that applies to it.
 * @param planned the behaviour when no rule applies
 */
export async function handleCall(
  api: Operation,
  body: JsonObject,
  context: CallContext,
  recorder: EffectRecorder,
  planned?: Behaviour,
): Promise<Delivery> {
  const { ledger } = context;
  const evaluation = evaluate(api, ledger, body);
  const overtaken =
    evaluation.kind === 'valid' ? evaluation.accounts.flatMap(({ deferred }) => deferred.splice(0)) : [];
  const delivery = await deliveryFor(api, body, evaluation, context, recorder, planned);
  for (const each of overtaken) carryOut(evaluate(each.api, ledger, each.body), each.recorder);
  return delivery;
}

async function deliveryFor(
  api: Operation,
  body: JsonObject,
  evaluation: Evaluation,
  { ledger, rules, slow }: CallContext,
  recorder: EffectRecorder,
  planned?: Behaviour,
): Promise<Delivery> {
  // A request that breaks the API's rules is refused before any fault: a fault would hide the client's bug.
  if (evaluation.kind === 'invalid') return signed(evaluation.answer);
  const fromWords = evaluation.accounts.flatMap((account) => account.rules);
  const placed = rules.take(api, evaluation.ids, fromWords);
  const rule = placed ?? (planned && { api, left: 0, behaviour: planned });
  if (!rule) return signed(carryOut(evaluation, recorder));
  recorder.fault(nameOf(rule), placed !== undefined && fromWords.includes(placed));
  const wait = waitOf(rule, slow);
  if (isFault('duplicated', rule)) {
    carryOut(evaluation, recorder);
    return signed(carryOut(evaluate(api, ledger, body), recorder));
  }
  if (isFault('overtaken', rule) && rule.behaviour.phase === 'before')
    evaluation.accounts[0]?.deferred.push({ api, body, recorder });
  if (!wait) return ruled(rule, api, evaluation, recorder);
  if (rule.behaviour.phase === 'after') {
    const answer = carryOut(evaluation, recorder);
    await wait();
    return signed(answer);
  }
  await wait();
  // Evaluated again, because other calls may have changed the ledger while this one waited.
  return signed(carryOut(evaluate(api, ledger, body), recorder));
}

/** Carries a request out and returns its answer. */
export function carryOut(evaluation: Evaluation, recorder?: EffectRecorder): JsonObject {
  if (evaluation.kind === 'valid') {
    evaluation.read();
    evaluation.effect();
    recorder?.effect('carried out', evaluation.at);
  }
  return evaluation.answer;
}

/** What a rule delivers instead of the true answer. */
function ruled(
  { behaviour }: Rule,
  api: Operation,
  evaluation: Evaluation & { kind: 'valid' },
  recorder: EffectRecorder,
): Delivery {
  if (behaviour.phase === 'after') carryOut(evaluation, recorder);
  if ('fault' in behaviour) return faultDelivery(behaviour.fault, evaluation.answer);
  // A code or an answer that a test sets comes from WorldFirst itself, so WorldFirst has read the request.
  evaluation.read();
  recorder.effect('read', evaluation.at);
  if ('answer' in behaviour) return signed(behaviour.answer);
  if ('code' in behaviour) return signed(codedAs(behaviour, api));
  return signed(evaluation.answer);
}

function codedAs({ code, status }: { code: string; status?: ResultStatus }, api: Operation): JsonObject {
  return status === undefined ? coded(code, api) : result(code, status, code);
}

function isFault(fault: FaultName, { behaviour }: Pick<Rule, 'behaviour'>): boolean {
  return 'fault' in behaviour && behaviour.fault === fault;
}

function waitOf({ behaviour }: Rule, slow: () => Promise<void>): (() => Promise<void>) | undefined {
  if (isFault('slow', { behaviour })) return slow;
  if (!('hold' in behaviour)) return undefined;
  const { arrive, released } = behaviour.hold;
  return async () => {
    arrive();
    await released;
  };
}
