import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { padded, shortened, wrapped } from '../../cli/terminal.js';

describe('line breaking', () => {
  test('breaks between words, and indents the following lines', () => {
    expect(wrapped('the money may have moved', 14, 2)).toBe('the money\n  may have\n  moved');
  });

  test('never cuts a word, which may be an id to be copied', () => {
    const id = 'refund-2026112200001';
    expect(wrapped(`see ${id} there`, 10)).toBe(`see\n${id}\nthere`);
  });

  test('breaks Chinese, which has no blanks, by its width on the screen', () => {
    const lines = wrapped('退款金额超过了原始订单的金额，不能退款。', 12).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(12);
    expect(lines.join('')).toBe('退款金额超过了原始订单的金额，不能退款。');
  });

  test('leaves text unchanged for an infinite width', () => {
    const text = 'word '.repeat(100).trim();
    expect(wrapped(text, Number.POSITIVE_INFINITY)).toBe(text);
  });
});

describe('shortening', () => {
  test.each([
    ['2026112200001', 'middle', '2026…0001'],
    ['unknown-after-all-inquiries', 'end', 'unknown-…'],
    ['short', 'middle', 'short'],
    ['订单二〇二六之一', 'end', '订单二〇…'],
    ['👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽', 'middle', '👍🏽👍🏽…👍🏽👍🏽'],
  ] as const)('%s at its %s', (text, cut, wanted) => {
    expect(shortened(text, 9, cut)).toBe(wanted);
  });

  test('and padding use the width on the screen', () => {
    expect(padded('订单', 6)).toBe('订单  ');
    expect(padded('too long', 3)).toBe('too long');
  });
});
