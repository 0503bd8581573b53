import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { refundRequestSchema } from '../../client/request-schema.js';
import { checkRequest } from '../../rules/check-request.js';
import { cashier, worldtrade } from '../rules/fixtures.js';

const pathsOf = (value: unknown) => {
  const result = refundRequestSchema.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path }) => path);
};

describe('a refund request as a zod schema', () => {
  it.each([worldtrade, cashier])('lets a valid one through, untouched: $product', (request) => {
    expect(refundRequestSchema.parse(request)).toBe(request);
  });

  it('has the sentences of the workflow’s own check', () => {
    const request = { ...cashier, refundReason: '', payToId: 7, note: 'x' };
    const result = refundRequestSchema.safeParse(request);
    expect(result.error?.issues.map(({ message }) => message)).toEqual(
      checkRequest(request).map(({ message }) => message),
    );
  });

  it('has paths as zod has them', () => {
    const [line] = cashier.refundToDetails;
    expect(pathsOf({ ...cashier, refundToDetails: [line, { ...line, refundAmount: { value: 1 } }] })).toEqual(
      [['refundToDetails', 1, 'refundAmount', 'currency']],
    );
    expect(pathsOf(null)).toEqual([[]]);
    expect(pathsOf({})).toEqual([['product']]);
  });

  it.each(['a.b', 'a[0]', 'a b', '', '"', ']', '7up', 'line\nbreak', '["x"]'])(
    'names a field that is none as it is: %j',
    (name) => {
      expect(pathsOf({ ...worldtrade, [name]: 1 })).toEqual([[name]]);
      expect(pathsOf({ ...cashier, refundOrder: { a: [{ [name]: 2 ** 53 }] } })).toEqual([
        ['refundOrder', 'a', 0, name],
      ]);
    },
  );

  it('can be part of another schema, which puts its own path before', () => {
    const result = z
      .object({ refund: refundRequestSchema })
      .safeParse({ refund: { ...worldtrade, tradeId: '' } });
    expect(result.error?.issues.map(({ path }) => path)).toEqual([['refund', 'tradeId']]);
  });
});
