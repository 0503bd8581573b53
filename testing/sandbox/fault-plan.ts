import type { Operation } from '../../worldfirst/result-codes.js';
import { FAULTS, type FaultName, faultDelivery, type Phase } from './faults.js';
import { pick, randomNumbers } from './seeded-random.js';

/**
 * Faults that strike by themselves. Which call meets which one follows from the seed, the API, the id and the number of
 * the call under that id: it is the same in every run, in whatever order concurrent calls arrive.
 */
export interface FaultPlan {
  seed: number;
  /** How many of the calls meet a fault, and how many of the notifications, from 0 to 1. */
  share: number;
  /** The faults to choose from; all of them when absent. */
  only?: readonly FaultName[];
}

const ALL = FAULTS.map(({ word }) => word);

/**
 * Checks a plan before anything is decided by it.
 * @throws TypeError that names the mistake
 */
export function checkFaultPlan({ seed, share, only = ALL }: FaultPlan): void {
  if (!Number.isSafeInteger(seed)) throw new TypeError(`faults.seed: ${seed} is no whole number`);
  if (!(share >= 0 && share <= 1)) throw new TypeError(`faults.share: ${share} is not from 0 to 1`);
  if (only.length === 0) throw new TypeError('faults.only: one fault at least is expected');
  for (const name of only) faultDelivery(name, {});
}

/**
 * The fault that a call meets, if any.
 * @param id the request id or trade id that the call names
 * @param number 1 for the first call of this API under this id
 */
export function plannedFault(
  { seed, share, only = ALL }: FaultPlan,
  call: { api: Operation | 'notification'; id: string; number: number },
): { fault: FaultName; phase: Phase } | undefined {
  const [strikes = 1, which = 0, when = 0] = randomNumbers(seed, call.api, call.id, call.number);
  if (strikes >= share) return undefined;
  const fault = pick(only, which);
  return { fault, phase: claimsEffect(fault) ? 'after' : pick(['before', 'after'] as const, when) };
}

/** Whether WorldFirst itself answers, and would say before the effect that it has happened. It errs, but it does not lie. */
function claimsEffect(fault: FaultName): boolean {
  const delivery = faultDelivery(fault, {});
  return fault !== 'slow' && delivery.kind === 'answer' && delivery.signedBy === 'sandbox' && !delivery.cut;
}
