import { z } from 'zod';
import { quoted } from '../internal/check.js';

const id = z.string().min(1).max(64);
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency of three capital letters');

/** WorldFirst's gateway writes null for what is not there. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** WorldFirst sends digits as a string, its pages show both; a float would lose money without a word. */
const receivedValue = z.union([z.number(), z.string()]).transform((given, context) => {
  const value = typeof given === 'number' || /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!Number.isInteger(value) || value < 0) {
    context.addIssue(
      // Stryker disable next-line ConditionalExpression: a number in quoted() is written as it is.
      `must be a non-negative integer, not ${typeof given === 'string' ? quoted(given) : given}`,
    );
  } else if (value > Number.MAX_SAFE_INTEGER) {
    context.addIssue(
      `is beyond ${Number.MAX_SAFE_INTEGER}, the largest integer that can be compared exactly`,
    );
  }
  return value;
});

/** An amount as WorldFirst answers: `"400"` and `400` are the same. */
const receivedAmount = z.looseObject({ currency, value: receivedValue });

// WorldFirst's ids have at most 64 characters. What is longer is shown to people as it came, but not at any length.
const LONGEST_TEXT = 256;
const LONGEST_MESSAGE = 1_000;

/** A number that JSON carries exactly means the same as its digits, and must not cost a whole answer. */
function orNumber(schema: z.ZodString) {
  return z.preprocess((given) => (Number.isSafeInteger(given) ? String(given) : given), schema);
}

const text = maybe(orNumber(z.string().max(LONGEST_TEXT)));

/** What is only shown to people: where it cannot be read, it is absent. */
const shownText = text.catch(undefined);

/** Of an envelope everything counts that can be understood: a number for a text must not cost the whole answer. */
const anyText = z
  .unknown()
  .optional()
  .transform((given) => (typeof given === 'string' || typeof given === 'number' ? String(given) : ''));

/** What every answer holds. Codes and messages came under two names each. */
export const envelope = z.looseObject({
  result: z
    .looseObject({
      resultStatus: maybe(z.string().max(LONGEST_TEXT)).catch(undefined),
      resultCode: anyText,
      resultCodeId: anyText,
      resultMessage: anyText,
      resultMsg: anyText,
    })
    .transform((result) => ({
      status: result.resultStatus,
      code: within(LONGEST_TEXT, (result.resultCode || result.resultCodeId).trim()) || undefined,
      message: within(LONGEST_MESSAGE, result.resultMessage || result.resultMsg),
    })),
});

/** The beginning of a text, in whole characters: half a surrogate pair is no UTF-8, and no message to Temporal could hold it. */
function within(length: number, text: string): string {
  return text.slice(0, length).toWellFormed();
}

const result = z.looseObject({});

/** The answer of `queryTradeOrder`, as far as it is relied on. */
export const queryTradeOrderAnswer = z.looseObject({
  result,
  orderBasicInfo: z.looseObject({ totalAmount: receivedAmount }),
  paymentResultList: z
    .array(z.looseObject({ paymentOrderId: orNumber(id) }))
    .nullish()
    .transform((list) => list ?? []),
});

/** The answer of `applyRefund`, as far as it is relied on. */
export const applyRefundAnswer = z.looseObject({ result, refundOrderId: shownText, paymentOrderId: text });

const receivedDetail = z.looseObject({
  refundToAmount: maybe(receivedAmount),
  refundAmount: maybe(receivedAmount),
});

/** The answer of `refund`, as far as it is relied on. */
export const refundAnswer = z.looseObject({
  result,
  payToId: text,
  refundId: text,
  refundRequestId: text,
  refundToDetails: maybe(z.array(receivedDetail)),
});

const refundInfo = z.looseObject({
  refundRequestId: text,
  refundId: text,
  payToId: text,
  refundStatus: text,
  refundAmount: maybe(receivedAmount),
});

/** The answer of `inquireRefund`, as far as it is relied on. */
export const inquireRefundAnswer = z.looseObject({ result, refundInformation: maybe(z.array(refundInfo)) });

/** What `queryTradeOrder` answers; fields that are not named here are kept. */
export type QueryTradeOrderAnswer = z.infer<typeof queryTradeOrderAnswer>;
/** What `applyRefund` answers; fields that are not named here are kept. */
export type ApplyRefundAnswer = z.infer<typeof applyRefundAnswer>;
/** What `refund` answers; fields that are not named here are kept. */
export type RefundAnswer = z.infer<typeof refundAnswer>;
/** What `inquireRefund` answers; fields that are not named here are kept. */
export type InquireRefundAnswer = z.infer<typeof inquireRefundAnswer>;
