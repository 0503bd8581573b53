import { FAULTS, type FaultName } from '../../testing/sandbox/index.js';

/** `refused` is the network's: nobody listens. All the others are the sandbox's, and stand in its table with their meaning. */
export type MatrixFault = 'refused' | FaultName;

const PRODUCTS = ['worldtrade', 'cashier'] as const;

/** Where a fault strikes. What moves money, or tells of it, is struck before or after it had its effect. */
const STEPS = [
  'query',
  'send, before its effect',
  'send, after its effect',
  'inquiry',
  'notification, before its effect',
  'notification, after its effect',
] as const;

export const MATRIX_FAULTS: readonly MatrixFault[] = ['refused', ...FAULTS.map(({ word }) => word)];

/** At the first call, or at each one for ever. */
const HOW_OFTEN = ['once', 'always'] as const;

export type Product = (typeof PRODUCTS)[number];
export type Step = (typeof STEPS)[number];
export type Often = (typeof HOW_OFTEN)[number];

/** One combination. */
export interface Cell {
  product: Product;
  step: Step;
  fault: MatrixFault;
  often: Often;
}

/** Every combination. */
export const CELLS: readonly Cell[] = PRODUCTS.flatMap((product) =>
  STEPS.flatMap((step) =>
    MATRIX_FAULTS.flatMap((fault) => HOW_OFTEN.map((often) => ({ product, step, fault, often }))),
  ),
);

/** For a test's name. */
export function nameOf({ product, step, fault, often }: Cell): string {
  return `${product}, ${step}: ${fault}, ${often}`;
}
