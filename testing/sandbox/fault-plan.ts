import type { Operation } from '../../worldfirst/result-codes.js';
import { checkFaultName, FAULTS, type FaultName, faultDelivery, type PlacedFault } from './faults.js';
import { pick, randomNumbers } from './seeded-random.js';

/**
 * Random faults that a seed reproduces. The fault of a call depends on the seed, the API, the id and the number of the
 * call under that id. It is the same in every run, and the order of concurrent calls makes no difference.
 */
export interface FaultPlan {
  seed: number;
  /** The share of calls, and of notifications, that get a fault: 0 to 1. */
  share: number;
  /** The faults to choose from; all faults when absent. */
  only?: readonly FaultName[];
}

const ALL = FAULTS.map(({ word }) => word);

/**
 * Checks a plan.
 * @throws TypeError that names the mistake
 */
export function checkFaultPlan({ seed, share, only = ALL }: FaultPlan): void {
  if (!Number.isSafeInteger(seed)) throw new TypeError(`faults.seed: ${seed} is not a whole number`);
  if (!(share >= 0 && share <= 1)) throw new TypeError(`faults.share: ${share} is not between 0 and 1`);
  if (only.length === 0) throw new TypeError('faults.only: at least one fault is expected');
  for (const name of only) checkFaultName(name);
}

/**
 * The fault of a call, if it gets one.
 * @param id the request id or trade id of the call
 * @param number 1 for the first call of this API under this id
 */
export function plannedFault(
  { seed, share, only = ALL }: FaultPlan,
  call: { api: Operation | 'notification'; id: string; number: number },
): PlacedFault | undefined {
  const [draw = 1, which = 0, when = 0] = randomNumbers(seed, call.api, call.id, call.number);
  if (draw >= share) return undefined;
  const fault = pick(only, which);
  return { fault, phase: claimsEffect(fault) ? 'after' : pick(['before', 'after'] as const, when) };
}

/**
 * Whether the fault's answer carries a valid signature of WorldFirst. Before the effect such an answer would claim an
 * effect that has not happened, and WorldFirst does not do that.
 */
function claimsEffect(fault: FaultName): boolean {
  const delivery = faultDelivery(fault, {});
  return fault !== 'slow' && delivery.kind === 'answer' && delivery.signedBy === 'sandbox' && !delivery.cut;
}
