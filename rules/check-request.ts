import { type Check, isObject, issuesOf, type Mistake, type ValidationIssue } from '../internal/check.js';
import { sameAmount, totalsOf } from './money.js';
import {
  type CashierRefundRequest,
  cashier,
  type Product,
  type RefundRequest,
  worldtrade,
} from './request.js';

const PRODUCTS: { [P in Product]: Check<Extract<RefundRequest, { product: P }>> } = {
  worldtrade,
  cashier: (value, path) => {
    const mistakes = cashier(value, path);
    return mistakes.length > 0 ? mistakes : differentMoney(value as CashierRefundRequest);
  },
};

/** WorldFirst's page: "refundDetails is the same as refundToDetails". Two different sums have no meaning there. */
function differentMoney({
  refundToDetails,
  refundDetails = refundToDetails,
}: CashierRefundRequest): Mistake[] {
  return (['refundAmount', 'refundToAmount'] as const).flatMap((side) => {
    const asked = totalsOf(refundToDetails.map((each) => each[side]));
    const repeated = totalsOf(refundDetails.map((each) => each[side]));
    if ([...asked, ...repeated].some(({ value }) => !Number.isSafeInteger(value))) {
      return [
        {
          path: ['refundToDetails'],
          message: `the total of ${side} must be at most ${Number.MAX_SAFE_INTEGER}`,
        },
      ];
    }
    const same =
      asked.length === repeated.length && asked.every((a) => repeated.some((b) => sameAmount(a, b)));
    return same
      ? []
      : [{ path: ['refundDetails'], message: `must have the same total ${side} as refundToDetails` }];
  });
}

/**
 * The most bytes of a request as JSON. Temporal carries two megabytes at once (a payload), and a cashier refund is sent
 * with its details twice.
 */
const MOST_BYTES = 1_000_000;

/** A refund request of either product. */
export const refundRequest: Check<RefundRequest> = (value, path) => {
  if (!isObject(value)) return [{ path, message: 'a refund request must be an object' }];
  const bytes = sizeOf(value);
  if (bytes > MOST_BYTES)
    return [{ path, message: `the request has ${megabytes(bytes)}; the limit is ${megabytes(MOST_BYTES)}` }];
  const [, check] = Object.entries(PRODUCTS).find(([product]) => product === value.product) ?? [];
  return check
    ? check(value, path)
    : [{ path: [...path, 'product'], message: 'must be "worldtrade" or "cashier"' }];
};

/**
 * Every mistake of a request, each with its path; none means that it is a {@link RefundRequest}.
 * @param value anything, such as the parsed JSON of a file
 */
export function checkRequest(value: unknown): ValidationIssue[] {
  return issuesOf(refundRequest, value);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 10_000) / 100} MB`;
}

/** The bytes of a value as JSON; 0 where it cannot be JSON, which the checks of its fields say in detail. */
function sizeOf(value: object): number {
  // Stryker disable BlockStatement: without a size no limit is exceeded, as with 0.
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length;
  } catch {
    return 0;
  }
}
