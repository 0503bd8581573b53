import {
  DOCUMENTED_INQUIRY_INTERVALS,
  type RefundClient,
  type RefundClientOptions,
  type RefundInterval,
  type RefundOptions,
  type RefundOutcome,
  type RefundRequest,
  type refundRequestSchema,
} from 'worldfirst-refunds';
import { type Equal, expect } from './expect.js';

// Milliseconds, or a number with its unit.
export const intervals: RefundInterval[] = [300_000, '500ms', '30s', '5m', '1.5h', '1d'];
// @ts-expect-error: the unit is not one of them.
export const weeks: RefundInterval = '2w';
// @ts-expect-error: the unit is missing.
export const bare: RefundInterval = '5';
// @ts-expect-error: the number is missing.
export const word: RefundInterval = 'daily';
declare const text: string;
// @ts-expect-error: any text may be something else.
export const unchecked: RefundInterval = text;

export const options: RefundOptions = {
  inquiryIntervals: DOCUMENTED_INQUIRY_INTERVALS,
  settlementIntervals: ['0s', ...DOCUMENTED_INQUIRY_INTERVALS, '24h'],
  remindAfter: 0,
  alreadySent: { startedAt: '2026-11-22T08:00:00.000Z', generation: 1 },
};
// @ts-expect-error: there is no such option.
export const misspelt: RefundOptions = { inquiryInterval: ['5m'] };
// What an environment variable is.
declare const variable: string | undefined;
export const ofClient: RefundClientOptions = { taskQueue: variable, referenceHash: undefined };

// @ts-expect-error: a cashier refund has a reason.
export const incomplete: RefundRequest = {
  product: 'cashier',
  refundRequestId: 'r-1',
  payToId: 'p-1',
  refundToDetails: [],
};

export async function report(refunds: RefundClient): Promise<string> {
  const outcome = await refunds.result('r-1');
  expect<Equal<typeof outcome, RefundOutcome>>();
  switch (outcome.status) {
    case 'succeeded':
      return outcome.confirmedBy;
    case 'failed':
      return `${outcome.code}: ${outcome.advice}`;
    case 'accepted':
    case 'cancelled':
      // @ts-expect-error: only a refund that succeeded was confirmed.
      return outcome.confirmedBy;
    default:
      expect<Equal<typeof outcome, never>>();
      return outcome;
  }
}

// Standard Schema: what a library infers from the schema.
type Inferred = NonNullable<(typeof refundRequestSchema)['~standard']['types']>;
expect<Equal<Inferred['input'], RefundRequest>>();
expect<Equal<Inferred['output'], RefundRequest>>();
