import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { listText } from '../../cli/list.js';
import type { RefundSummary } from '../../client/index.js';

function summary(more: Partial<RefundSummary> = {}): RefundSummary {
  const refundRequestId = more.refundRequestId ?? 'R-1001';
  return {
    refundRequestId,
    workflowId: `refund:${refundRequestId}`,
    status: 'processing',
    product: 'worldtrade',
    reference: '2026112200001',
    startedAt: new Date(Date.now() - 7_200_000).toISOString(),
    ...more,
  };
}

const STUCK = { status: 'needs-attention', attention: 'unknown-after-all-inquiries' } as const;
const IN_AN_HOUR = { nextCheckAt: new Date(Date.now() + 3_600_000).toISOString() };
const LONG_ID = 'R'.repeat(64);

const rowsOf = (text: string) => text.split('\n');

describe('the table of refunds', () => {
  const refunds = [summary(STUCK), summary({ ...IN_AN_HOUR, product: 'cashier', refundRequestId: '退款-7' })];

  test('has one column for each property, and cells begin under their title', () => {
    const [head = '', ...rows] = rowsOf(listText(refunds));
    expect(head).toMatch(/^REFUND +STATUS +PRODUCT +REFERENCE +REASON +NEXT CHECK +AGE$/);
    for (const [row, words] of [
      [rows[0], ['needs-attention', 'worldtrade', '2026112200001', 'unknown-after-all-inquiries', '2 h']],
      [rows[1], ['processing', 'cashier', '2026112200001', 'in ', '2 h']],
    ] as const) {
      for (const word of words) {
        const at = stringWidth(row?.slice(0, row.lastIndexOf(word)) ?? '');
        expect(head.slice(at), word).toMatch(/^[A-Z]/);
      }
    }
  });

  test('leaves out an empty column', () => {
    expect(listText([summary()])).not.toMatch(/REASON|NEXT CHECK/);
  });

  test('without rows says "no refunds"', () => {
    expect(listText([])).toBe('no refunds');
  });

  test('is not cut where the output is no terminal', () => {
    const text = listText([summary({ ...STUCK, reference: 'p'.repeat(64), refundRequestId: LONG_ID })]);
    expect(text).toContain('p'.repeat(64));
    expect(text).toContain(LONG_ID);
  });
});

describe('the table of refunds on a terminal', () => {
  test.each([80, 100, 140])('of %i columns has no wider line', (width) => {
    const refunds = [
      summary({ ...STUCK, reference: '2026112200001-of-a-long-name-indeed' }),
      summary({ ...IN_AN_HOUR, reference: '订单'.repeat(20) }),
      summary({ status: 'succeeded' }),
    ];
    for (const row of rowsOf(listText(refunds, width))) expect(stringWidth(row)).toBeLessThanOrEqual(width);
  });

  test('that is narrow keeps both ends of a long reference and the beginning of the reason', () => {
    const [, row] = rowsOf(listText([summary({ ...STUCK, ...IN_AN_HOUR })], 68));
    expect(row).toMatch(/2026…0001 +unknown-after-…/);
  });

  test('never cuts an id: a long one stands on a line of its own', () => {
    const text = listText([summary({ ...STUCK, refundRequestId: LONG_ID }), summary()], 80);
    expect(rowsOf(text)).toEqual([
      'REFUND',
      expect.stringMatching(/^ {2}STATUS /),
      LONG_ID,
      expect.stringMatching(/^ {2}needs-attention +\S+ +.*2 h$/),
      'R-1001',
      expect.stringMatching(/^ {2}processing +/),
    ]);
  });

  test('shows control characters without their effect', () => {
    expect(listText([summary({ reference: 'a\u001b[31mb\nc' })], 80)).toContain('ab c');
  });
});
