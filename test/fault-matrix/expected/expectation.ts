import type { RefundOptions } from '../../../client/index.js';
import { MATRIX_FAULTS, type MatrixFault, type Often, type Product, type Step } from '../axes.js';

/** How a refund rests: it has ended, or it needs an operator, for this reason. */
export type End =
  | 'succeeded, confirmed by inquiry'
  | 'succeeded, confirmed by notification'
  | 'accepted'
  | 'failed, PARAM_ILLEGAL'
  | 'operator: answer-does-not-match'
  | 'operator: settlement-overdue'
  | 'operator: unknown-after-all-inquiries'
  | 'operator: worldfirst-unreachable'
  /** It goes on asking, until somebody cancels it. */
  | 'cancelled';

/** What WorldFirst's own books say in the end. */
interface Books {
  /** How often the order was asked for. Where nothing is said: once for WorldTrade, never for the cashier. */
  queries?: number | 'again and again';
  /** How often the refund arrived there. */
  sends: number;
  inquiries: number;
  /** How often its money moved. */
  moved: 0 | 1;
  /** How often the closing of the order was notified. */
  notifications?: number;
}

/** What must become of a refund in some cells of the matrix, and why; or why there is no such cell. */
export type Expectation = {
  products: readonly Product[];
  steps: readonly Step[];
  faults: readonly MatrixFault[];
  often: readonly Often[];
  because: string;
} & (
  | {
      end: End;
      /**
       * The inquiries that it comes to: the seven after an unknown result, those of a settlement that WorldFirst has
       * accepted, or none.
       */
      inquirySchedule: 'unknown' | 'settlement' | 'none';
      /** How many of the seven are used up, where that is not how many were made. */
      used?: number;
      books: Books;
      /** The waits, where the documented ones make too many calls for a test. */
      options?: RefundOptions;
    }
  | { impossible: true }
);

export const WORLDTRADE: readonly Product[] = ['worldtrade'];
export const CASHIER: readonly Product[] = ['cashier'];
export const BOTH: readonly Product[] = ['worldtrade', 'cashier'];

export const ONCE: readonly Often[] = ['once'];
export const ALWAYS: readonly Often[] = ['always'];
export const EITHER: readonly Often[] = ['once', 'always'];

export const EVERY_FAULT = MATRIX_FAULTS;

/** Nothing arrives, or something that WorldFirst has not said, or that nobody understands. */
export const NO_ANSWER: readonly MatrixFault[] = [
  'dropped',
  'reset',
  'silent',
  'cutoff',
  'badgateway',
  'html',
  'empty',
  'not-json',
  'unsigned',
  'wrong-signature',
  'forged',
  'wrong-status',
];
