import { readFile } from 'node:fs/promises';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import type {
  Amount,
  AuditNote,
  CashierRefundRequest,
  ClosureNotification,
  Decision,
  DecisionName,
  JsonObject,
  RefundInterval,
  RefundOptions,
  RefundToDetail,
  WorldTradeRefundRequest,
} from '../../client/index.js';
import { type Infer, integer, list, object, optional, text } from '../../internal/check.js';
import { checkRequest, type refundRequest } from '../../rules/check-request.js';
import {
  readDecision,
  readNotification,
  readSignedNotification,
  type SignedNotification,
} from '../../rules/messages.js';
import type { RefundRequest } from '../../rules/request.js';
import { checkOptions } from '../../rules/schedule.js';
import { cashier, worldtrade } from './fixtures.js';

/** The types are inferred from the checks; `npm run types` fails where one of them is not what callers rely on. */
describe('the types that the checks describe are those that callers rely on', () => {
  test('a WorldTrade refund', () => {
    const whole: Required<WorldTradeRefundRequest> = {
      ...worldtrade,
      paymentOrderId: 'P-1',
      refundAmount: { currency: 'USD', value: 1 },
      remark: '',
    };
    expect(checkRequest(whole)).toEqual([]);
    expectTypeOf<WorldTradeRefundRequest>().toEqualTypeOf<{
      product: 'worldtrade';
      refundRequestId: string;
      tradeId: string;
      paymentOrderId?: string;
      refundAmount?: Amount;
      remark?: string;
    }>();
    expectTypeOf<Amount>().toEqualTypeOf<{ currency: string; value: number }>();
  });

  test('a cashier refund', () => {
    const whole: Required<CashierRefundRequest> = {
      ...cashier,
      refundDetails: cashier.refundToDetails,
      refundRequestTime: '2026-08-30T02:02:39+08:00',
      refundOrder: {},
    };
    expect(checkRequest(whole)).toEqual([]);
    expectTypeOf<CashierRefundRequest>().toEqualTypeOf<{
      product: 'cashier';
      refundRequestId: string;
      payToId: string;
      refundToDetails: RefundToDetail[];
      refundDetails?: RefundToDetail[];
      refundReason: string;
      refundRequestTime?: string;
      refundOrder?: JsonObject;
    }>();
    expectTypeOf<RefundToDetail>().toEqualTypeOf<{
      refundMethod: { paymentMethodType: string };
      refundToAmount: Amount;
      refundAmount: Amount;
    }>();
    expectTypeOf<Infer<typeof refundRequest>>().toEqualTypeOf<RefundRequest>();
  });

  test('options', () => {
    const whole: Required<RefundOptions> = {
      inquiryIntervals: ['5m'],
      settlementIntervals: [0],
      awaitClosureNotification: true,
      remindAfter: '24h',
      alreadySent: { startedAt: '2026-08-30T02:02:39.000Z', generation: 1 },
    };
    expect(checkOptions(whole)).toEqual([]);
    expectTypeOf<RefundOptions>().toEqualTypeOf<{
      inquiryIntervals?: readonly RefundInterval[];
      settlementIntervals?: readonly RefundInterval[];
      awaitClosureNotification?: boolean;
      remindAfter?: RefundInterval;
      alreadySent?: boolean | { startedAt: string; generation: number };
    }>();
  });

  test('messages', () => {
    const decision: Required<Decision> = { decision: 'cancel', by: 'Ana', reason: 'ticket 7', evidence: '' };
    expect(readDecision(decision)).toEqual({ ok: true, message: decision });
    const closed: Required<ClosureNotification> = { requestId: 'C-1', tradeId: 'T-1', isRefund: 'Y' };
    expect(readNotification(closed)).toEqual({ ok: true, message: closed });
    const signed: Required<SignedNotification> = {
      body: '{}',
      path: '/',
      clientId: 'c',
      requestTime: 't',
      signature: 's',
      concerns: 'unclear',
    };
    expect(readSignedNotification(signed)).toEqual({ ok: true, message: signed });
    expectTypeOf<AuditNote>().toEqualTypeOf<{ by: string; reason: string }>();
    expectTypeOf<Decision>().toEqualTypeOf<{
      decision: DecisionName;
      by: string;
      reason: string;
      evidence?: string;
    }>();
    expectTypeOf<ClosureNotification>().toEqualTypeOf<{
      requestId?: string;
      tradeId: string;
      isRefund: 'Y' | 'N';
    }>();
    expectTypeOf<SignedNotification>().toEqualTypeOf<{
      body: string;
      path: string;
      clientId: string;
      requestTime: string;
      signature: string;
      concerns?: 'this' | 'another' | 'unclear';
    }>();
  });
});

test('a field of a check is a field of its type', () => {
  const check = object({ name: text(1, 5), counts: optional(list(integer(1))) });
  const value: Infer<typeof check> = { name: 'a', counts: [1] };
  expect(check(value, [])).toEqual([]);
  // @ts-expect-error: the check does not know the field.
  const other: Infer<typeof check> = { name: 'a', more: 1 };
  expect(check(other, [])).toHaveLength(1);
  // @ts-expect-error: the check does not let the field be absent.
  const nameless: Infer<typeof check> = {};
  expect(check(nameless, [])).toHaveLength(1);
});

/** An editor shows them where a caller writes a field. */
describe('the declarations of the package have the comment of each field', () => {
  it.each([
    ['request', 'tradeId', '1..64 characters.'],
    ['request', 'paymentOrderId', '1..64 characters; queried with `queryTradeOrder` when absent.'],
    ['money', 'currency', 'ISO 4217, or CNH.'],
    ['schedule', 'inquiryIntervals', 'At most seven, the documented ones by default.'],
    ['messages', 'body', 'The raw body, character for character.'],
  ])('%s: %s', async (file, field, comment) => {
    const declarations = await readFile(new URL(`../../dist/rules/${file}.d.ts`, import.meta.url), 'utf8');
    const documented = declarations.split('\n').map((line) => line.trim());
    expect(documented[documented.indexOf(`/** ${comment} */`) + 1]).toMatch(new RegExp(`^${field}: `));
  });
});
