import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { refundRequestSchema } from '../../client/request-schema.js';
import { checkRequest } from '../../rules/check-request.js';
import type { RefundRequest } from '../../rules/request.js';
import { cashier, worldtrade } from '../rules/fixtures.js';

const { validate } = refundRequestSchema['~standard'];
const issuesOf = (value: unknown) => validate(value).issues ?? [];
const pathsOf = (value: unknown) => issuesOf(value).map(({ path }) => path);

describe('a refund request as a Standard Schema', () => {
  it.each([worldtrade, cashier])('lets a valid request through, unchanged: $product', (request) => {
    const result = validate(request);
    expect(result).toEqual({ value: request });
    expect('value' in result && result.value).toBe(request);
  });

  it('has the messages of the workflow’s own check', () => {
    const request = { ...cashier, refundReason: '', payToId: 7, note: 'x' };
    expect(issuesOf(request).map(({ message }) => message)).toEqual(
      checkRequest(request).map(({ message }) => message),
    );
    expect(issuesOf(request)).toHaveLength(3);
  });

  it('has the keys that lead to a mistake as a path, and numbers for the entries of a list', () => {
    const [line] = cashier.refundToDetails;
    expect(
      issuesOf({ ...cashier, refundToDetails: [line, { ...line, refundAmount: { value: 1 } }] }),
    ).toEqual([{ path: ['refundToDetails', 1, 'refundAmount', 'currency'], message: 'is missing' }]);
    expect(pathsOf({ ...cashier, refundToDetails: [line, null] })).toEqual([['refundToDetails', 1]]);
    expect(pathsOf({ ...cashier, refundDetails: [line, line] })).toEqual([
      ['refundDetails'],
      ['refundDetails'],
    ]);
    expect(pathsOf(null)).toEqual([[]]);
    expect(pathsOf({})).toEqual([['product']]);
  });

  it.each(['a.b', 'a[0]', 'a b', '', '"', ']', '7up', 'line\nbreak', '["x"]', 'x'.repeat(65)])(
    'has an unknown field’s name in the path unchanged: %j',
    (name) => {
      expect(pathsOf({ ...worldtrade, [name]: 1 })).toEqual([[name]]);
      expect(pathsOf({ ...cashier, refundOrder: { a: [{ [name]: 2 ** 53 }] } })).toEqual([
        ['refundOrder', 'a', 0, name],
      ]);
    },
  );

  it('is accepted by a library for Standard Schemas', () => {
    expect({ refund: worldtrade }).toEqual({ refund: expect.schemaMatching(refundRequestSchema) });
    expect({ ...worldtrade, tradeId: '' }).not.toEqual(expect.schemaMatching(refundRequestSchema));
  });

  it('names its version and vendor, and has the types that other libraries read', () => {
    expect(refundRequestSchema['~standard']).toMatchObject({ version: 1, vendor: 'worldfirst-refunds' });
    type Standard = Pick<
      z.ZodType<RefundRequest, RefundRequest>['~standard'],
      'version' | 'vendor' | 'validate' | 'types'
    >;
    expectTypeOf(refundRequestSchema['~standard']).toExtend<Standard>();
  });
});
