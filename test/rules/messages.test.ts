import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readAuditNote,
  readDecision,
  readNotification,
  readSignedNotification,
  sentenceOf,
} from '../../rules/messages.js';
import { anas, DECISION_NAMES } from './fixtures.js';

type Reader = typeof readAuditNote | typeof readDecision | typeof readNotification;

const remark = { by: 'Ana', reason: 'the customer called' };
const notification = { requestId: 'C-1', tradeId: 'T-1', isRefund: 'Y' };
const pathsOf = (read: Reader, value: unknown) => {
  const result = read(value);
  return result.ok ? [] : result.issues.map(({ path }) => path);
};

const NO_OBJECTS = [undefined, null, '', '{}', 'escalate', 1, true, [], [remark]];

describe.each<[string, Reader]>([
  ['a remark', readAuditNote],
  ['a decision', readDecision],
  ['a notification', readNotification],
])('%s', (_, read) => {
  it.each(NO_OBJECTS)('that is %j cannot be read', (value) => {
    const result = read(value);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(sentenceOf(result.issues)).not.toBe('');
  });

  it('is read, or rejected with sentences and without an exception, for any JSON', () => {
    const keys = fc.constantFrom('by', 'reason', 'decision', 'evidence', 'tradeId', 'isRefund', '__proto__');
    const nearly = fc.dictionary(
      keys,
      fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('Y', 'send-again')),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), nearly), (value) => {
        const result = read(value);
        if (!result.ok) expect(sentenceOf(result.issues)).toMatch(/^\P{Cc}+$/u);
      }),
    );
  });

  it('with too many fields cannot make the message long', () => {
    const flood = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`${n}`.repeat(40), n]));
    const result = read(flood);
    expect(result.ok ? 0 : sentenceOf(result.issues).length).toBeLessThan(10_000);
  });
});

describe('the audit note of a message', () => {
  it('is read', () => {
    expect(readAuditNote(remark)).toEqual({ ok: true, message: remark });
  });

  it.each<[string, object, string[]]>([
    ['no name', { by: undefined }, ['by']],
    ['an empty name', { by: '' }, ['by']],
    ['a blank name', { by: '  ' }, ['by']],
    ['a name with a line break', { by: 'Ana\n# admin' }, ['by']],
    ['a name of 201 characters', { by: 'x'.repeat(201) }, ['by']],
    ['a list of names', { by: ['Ana', 'Ben'] }, ['by']],
    ['half a surrogate pair', { by: '\ud83d' }, ['by']],
    ['no reason', { reason: undefined }, ['reason']],
    ['an empty reason', { reason: '' }, ['reason']],
    ['a blank reason', { reason: ' \n\t' }, ['reason']],
    ['an endless reason', { reason: 'x'.repeat(2001) }, ['reason']],
    ['neither', { by: null, reason: 7 }, ['by', 'reason']],
    ['a field too many', { at: 'now' }, ['at']],
  ])('must be right: %s', (_, change, paths) => {
    expect(pathsOf(readAuditNote, { ...remark, ...change })).toEqual(paths);
    expect(pathsOf(readDecision, { ...anas('send-again'), ...change })).toEqual(paths);
  });

  it('is rejected if the reason is blank', () => {
    const result = readAuditNote({ ...remark, reason: ' ' });
    expect(result.ok ? '' : sentenceOf(result.issues)).toBe('reason must not be blank');
  });

  it('may be long, with several lines, in any language', () => {
    expect(readAuditNote({ by: '陈', reason: `${'x'.repeat(1990)}\n退货` }).ok).toBe(true);
  });
});

describe('a decision', () => {
  it.each(DECISION_NAMES)('%s is read, with and without evidence', (decision) => {
    expect(readDecision(anas(decision, { evidence: 'ticket 7' })).ok).toBe(true);
    const { evidence: _, ...without } = anas(decision);
    // Whether evidence is needed is a matter of the decision, not of reading.
    expect(readDecision(without)).toEqual({ ok: true, message: without });
  });

  it.each([
    '',
    'Send-Again',
    'send_again',
    'send-again ',
    'refund',
    'constructor',
    '__proto__',
    'toString',
    7,
    null,
  ])('cannot be %j', (decision) => {
    expect(pathsOf(readDecision, { ...remark, decision })).toEqual(['decision']);
  });

  it('that is unknown is rejected with the list of decisions', () => {
    const result = readDecision({ ...remark, decision: 'retry' });
    const sentence = result.ok ? '' : sentenceOf(result.issues);
    for (const name of DECISION_NAMES) expect(sentence).toContain(name);
  });

  it.each(['x', 'x'.repeat(64)])('%j is rejected with the list of decisions', (decision) => {
    const result = readDecision({ ...remark, decision });
    expect(result.ok ? '' : sentenceOf(result.issues)).toBe(
      'decision must be one of inquire-again, send-again, send-with-new-id, cancel, mark-succeeded, mark-failed',
    );
  });

  it('that is too long is reported only with its length', () => {
    const result = readDecision({ ...remark, decision: 'x'.repeat(65) });
    expect(result.ok ? '' : sentenceOf(result.issues)).toBe(
      'decision must have at most 64 characters, and has 65',
    );
  });

  it('may have empty evidence', () => {
    expect(readDecision(anas('send-again', { evidence: '' })).ok).toBe(true);
  });

  it.each([null, 7, ['ticket'], 'x'.repeat(2001), '\udcb8'])('cannot have the evidence %j', (evidence) => {
    expect(pathsOf(readDecision, { ...anas('mark-failed'), evidence })).toEqual(['evidence']);
  });

  it.each(['__proto__', 'constructor'])('cannot carry %s', (key) => {
    const decision = JSON.parse(
      `{"decision":"send-again","by":"Ana","reason":"x","${key}":{"evidence":"y"}}`,
    );
    expect(pathsOf(readDecision, decision)).toEqual([key]);
  });
});

describe('WorldFirst’s closure notification', () => {
  it('is read', () => {
    expect(readNotification(notification)).toEqual({ ok: true, message: notification });
    expect(readNotification({ tradeId: 'T-1', isRefund: 'N' })).toEqual({
      ok: true,
      message: { tradeId: 'T-1', isRefund: 'N' },
    });
  });

  it('has no request id if the body has none', () => {
    const read = readNotification({ tradeId: 'T', isRefund: 'N' });
    expect(read).toStrictEqual({ ok: true, message: { tradeId: 'T', isRefund: 'N' } });
  });

  it.each(['', 'x'.repeat(256)])('may have the request id %j', (requestId) => {
    expect(readNotification({ ...notification, requestId })).toMatchObject({
      ok: true,
      message: { requestId },
    });
  });

  it.each([
    [[], '', 'must be an object'],
    [{ ...notification, isRefund: 'X' }, 'isRefund', 'must be "Y" or "N"'],
    [{ ...notification, isRefund: 'YY' }, 'isRefund', 'must have at most 1 characters, and has 2'],
  ])('that is wrong is rejected with the reason: %j', (given, path, message) => {
    expect(readNotification(given)).toEqual({ ok: false, issues: [{ path, message }] });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a boolean', true],
    ['an object', { id: 'C-1' }],
    ['a list', ['C-1']],
    ['a number that JSON does not carry exactly', 2 ** 53],
    ['a fraction', 1.5],
    ['a text of 257 characters', 'x'.repeat(257)],
    ['half a surrogate pair', '\ud834'],
  ])('is read without its request id where that is %s', (_, requestId) => {
    expect(readNotification({ ...notification, requestId })).toStrictEqual({
      ok: true,
      message: { tradeId: 'T-1', isRefund: 'Y' },
    });
  });

  it('has a text for a request id that is a number', () => {
    expect(readNotification({ ...notification, requestId: 7 })).toStrictEqual({
      ok: true,
      message: { ...notification, requestId: '7' },
    });
  });

  it('may have new fields, which are ignored', () => {
    const extended = { ...notification, kind: 'cancel', by: 'nobody', reason: 'x', closedAt: 1, at: null };
    expect(readNotification(extended)).toEqual({ ok: true, message: notification });
  });

  it.each<[string, object, string[]]>([
    ['no trade', { tradeId: undefined }, ['tradeId']],
    ['an empty trade', { tradeId: '' }, ['tradeId']],
    ['a trade with a line break', { tradeId: 'T\n1' }, ['tradeId']],
    ['too long a trade', { tradeId: 'x'.repeat(65) }, ['tradeId']],
    ['no flag', { isRefund: undefined }, ['isRefund']],
    ['a boolean for a flag', { isRefund: true }, ['isRefund']],
    ['a small letter', { isRefund: 'y' }, ['isRefund']],
    ['another letter', { isRefund: 'X' }, ['isRefund']],
    ['a word', { isRefund: 'YES' }, ['isRefund']],
    ['null for a trade', { tradeId: null }, ['tradeId']],
    ['a number for a trade', { tradeId: 7 }, ['tradeId']],
    ['a list for a trade', { tradeId: ['T-1'] }, ['tradeId']],
    ['null for a flag', { isRefund: null }, ['isRefund']],
    ['a number for a flag', { isRefund: 1 }, ['isRefund']],
  ])('must be right: %s', (_, change, paths) => {
    expect(pathsOf(readNotification, { ...notification, ...change })).toEqual(paths);
  });
});

describe('all mistakes as one sentence', () => {
  it('have a path each', () => {
    const issues = [
      { path: 'by', message: 'is missing' },
      { path: '', message: 'it is not JSON' },
    ];
    expect(sentenceOf(issues)).toBe('by is missing; it is not JSON');
  });
});

describe('a signed notification', () => {
  const signed = {
    body: '{}',
    path: '/notify',
    clientId: 'C-1',
    requestTime: '2026-08-30T02:02:39+08:00',
    signature: 'algorithm=RSA256, signature=x',
  };
  const sentenceAbout = (value: object) => {
    const read = readSignedNotification(value);
    return read.ok ? '' : sentenceOf(read.issues);
  };

  it.each([undefined, 'this', 'another', 'unclear'])(
    'may concern %s of the refunds of the order',
    (concerns) => {
      const message = { ...signed, ...(concerns && { concerns }) };
      expect(readSignedNotification(message)).toEqual({ ok: true, message });
    },
  );

  it.each(['', 'any', 'This', 'x'.repeat(17)])('cannot concern %j', (concerns) => {
    expect(sentenceAbout({ ...signed, concerns })).toMatch(/^concerns must/);
  });

  it('that concerns something else is rejected with the three possible values', () => {
    expect(sentenceAbout({ ...signed, concerns: 'all' })).toBe(
      'concerns must be "this", "another" or "unclear"',
    );
  });

  it.each(Object.keys(signed))('is incomplete without %s', (field) => {
    expect(sentenceAbout({ ...signed, [field]: undefined })).toBe(`${field} is missing`);
    expect(sentenceAbout({ ...signed, [field]: '' })).toBe(`${field} must not be empty`);
  });
});

describe('the placeholders of an example', () => {
  it.each([
    ['by', 'your name'],
    ['reason', 'why'],
    ['reason', ' Why '],
    ['evidence', 'what shows it'],
  ])('%s "%s" is refused', (field, text) => {
    const decision = { decision: 'mark-failed', by: 'Ana', reason: 'ticket 7', evidence: 'ticket 7' };
    const read = readDecision({ ...decision, [field]: text });
    expect(read.ok ? '' : sentenceOf(read.issues)).toBe(
      `${field} is the placeholder "${text.trim()}"; replace it`,
    );
  });
});
