import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type ApiAnswer, classifyResponse } from '../../worldfirst/classify-response.js';
import { RESULT_CODES } from '../../worldfirst/result-codes.js';
import type { HttpAnswer } from '../../worldfirst/transport.js';
import { answerText, CLIENT_ID, signed, stranger, worldfirst } from './fixtures.js';

const path = '/amsin/api/v1/business/refund';
const schema = z.looseObject({ refundId: z.string().optional(), list: z.array(z.string()).optional() });
const judged = (reply: Parameters<typeof classifyResponse>[0]): ApiAnswer<z.infer<typeof schema>> =>
  classifyResponse(
    reply,
    { path, clientId: CLIENT_ID, publicKeys: [worldfirst.publicKey], maxClockSkew: 900_000 },
    schema,
  );

// Ten seconds before noon in China.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T03:59:50.000Z') }));
afterAll(() => void vi.useRealTimers());

/** An answer over HTTP as the transport gives it, with its headers in lower case. */
function http(
  body: string,
  headers: Record<string, string> = {},
  changes: Partial<HttpAnswer> = {},
): HttpAnswer {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { kind: 'answer', status: 200, headers: Object.fromEntries(lower), body, isExact: true, ...changes };
}
const signedBy = (body: string, more?: Parameters<typeof signed>[2]) => http(body, signed(path, body, more));
const advice = (code: string) => RESULT_CODES[code]?.advice;

describe('no answer', () => {
  it.each([
    ['notSent', 'notSent'],
    ['lost', 'unknown'],
  ] as const)('%s is %s', (kind, expected) => {
    expect(judged({ kind, reason: 'It is so.' })).toEqual({ kind: expected, reason: 'It is so.' });
  });
});

describe('an answer that WorldFirst signed', () => {
  const BUSY = 'REQUEST_TRAFFIC_EXCEED_LIMIT';
  it.each<[string, string, object]>([
    [
      'S is a success',
      answerText('S', 'SUCCESS', { refundId: 'W-1' }),
      { kind: 'success', code: 'SUCCESS', message: 'about SUCCESS', body: { refundId: 'W-1' } },
    ],
    [
      'F is a failure',
      answerText('F', 'PROCESS_FAIL'),
      {
        kind: 'failure',
        code: 'PROCESS_FAIL',
        message: 'about PROCESS_FAIL',
        meaning: { kind: 'operator', advice: advice('PROCESS_FAIL') },
        signed: true,
        body: { result: { resultCode: 'PROCESS_FAIL' } },
      },
    ],
    [
      'U is unknown',
      answerText('U', 'UNKNOWN_EXCEPTION'),
      {
        kind: 'unknown',
        reason: 'WorldFirst answered that the result is unknown (UNKNOWN_EXCEPTION, status U).',
        code: 'UNKNOWN_EXCEPTION',
        message: 'about UNKNOWN_EXCEPTION',
        advice: advice('UNKNOWN_EXCEPTION'),
      },
    ],
    [
      'what contradicts itself is unknown',
      answerText('S', 'PROCESS_FAIL'),
      {
        kind: 'unknown',
        reason: "WorldFirst's answer means an unknown result (PROCESS_FAIL, status S).",
      },
    ],
    [
      'an empty result is unknown',
      '{"result":{}}',
      {
        kind: 'unknown',
        reason: "WorldFirst's answer means an unknown result (no result code, no status).",
      },
    ],
    ['too many calls is busy', answerText('U', BUSY), { kind: 'unknown', code: BUSY, throttled: true }],
    [
      'a body that lacks what it must hold cannot be read',
      answerText('S', 'SUCCESS', { refundId: 7 }),
      {
        kind: 'unreadable',
        code: 'SUCCESS',
        message: 'about SUCCESS',
        problems: [expect.stringMatching(/^refundId: /)],
        body: { refundId: 7 },
      },
    ],
  ])('%s', (_, text, answer) => {
    expect(judged(signedBy(text))).toMatchObject(answer);
  });

  it('has no field for an absent value', () => {
    const text = '{"result":{"resultStatus":"U"}}';
    expect(Object.keys(judged(signedBy(text))).sort()).toEqual(['advice', 'kind', 'reason']);
  });

  it('has twenty problems at most', () => {
    const list = Array.from({ length: 50 }, (_, n) => n);
    const answer = judged(signedBy(answerText('S', 'SUCCESS', { list })));
    expect(answer.kind === 'unreadable' && answer.problems).toHaveLength(20);
  });

  it('may begin with a byte order mark, which is signed with it', () => {
    expect(judged(signedBy(`\uFEFF${answerText('S', 'SUCCESS')}`))).toMatchObject({ kind: 'success' });
  });

  it('cannot be read with a byte order mark elsewhere', () => {
    expect(judged(signedBy(`{\uFEFF${answerText('S', 'SUCCESS').slice(1)}`))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('The answer has no readable result'),
    });
  });

  it('may have its signature in two headers of that name', () => {
    const reply = signedBy(answerText('S', 'SUCCESS'));
    const [algorithm, version, signature] = String(reply.headers.signature).split(', ');
    const headers = { ...reply.headers, signature: [`${algorithm}, ${version}`, String(signature)] };
    expect(judged({ ...reply, headers })).toMatchObject({ kind: 'success' });
  });

  it('may have its Client-Id in several headers of that name', () => {
    const reply = signedBy(answerText('S', 'SUCCESS'));
    const headers = { ...reply.headers, 'client-id': [CLIENT_ID, 'OTHER'] };
    expect(judged({ ...reply, headers })).toMatchObject({
      reason:
        'The answer has another client id than the configured one. It contains "SUCCESS: about SUCCESS". The answer does not count.',
    });
  });
});

describe('the time of an answer', () => {
  const SUCCESS = answerText('S', 'SUCCESS');
  const answeredAt = (time: string, text = SUCCESS) => judged(signedBy(text, { time }));

  it.each([
    '2026-11-22T11:59:50+08:00',
    '2026-11-22T03:59:50Z',
    '2026-11-22T03:59:50.123456+0000',
    '2026-11-22T11:44:50+08:00',
    '2026-11-22T12:14:50+08:00',
  ])('is of now: %s', (time) => {
    expect(answeredAt(time)).not.toHaveProperty('old');
  });

  it.each([
    '2026-11-22T11:44:49+08:00',
    '2026-11-22T12:14:51+08:00',
    '2026-11-15T11:59:50+08:00',
    '2026-11-22T11:59:50',
    '2026-11-22',
    '2026-11-22T11:59:50+08:00x',
    'x2026-11-22T11:59:50+08:00',
    '2026-13-22T11:59:50+08:00',
    '2026-11-22T03:59:50',
    '2026-11-22T03:59Z',
    '+002026-11-22T11:59:50+08:00',
    'now',
  ])('differs or is missing: %s', (time) => {
    const old = `The answer is dated "${time}", but it is 2026-11-22T11:59:50+08:00 on this machine: the answer is old, or a clock is wrong.`;
    expect(answeredAt(time)).toMatchObject({ kind: 'success', old });
    expect(answeredAt(time, answerText('F', 'PROCESS_FAIL'))).toMatchObject({ kind: 'failure', old });
  });

  it('is shown shortened', () => {
    expect(answeredAt('2'.repeat(50))).toMatchObject({
      old: expect.stringContaining(`dated "${'2'.repeat(40)}", but`),
    });
  });
});

describe('an answer that proves nothing', () => {
  const S = answerText('S', 'SUCCESS');
  const NOT_VALID = "The answer's signature is not valid for WorldFirst's public key.";
  const CLAIM = ' It contains "SUCCESS: about SUCCESS".';

  it.each<[string, HttpAnswer, string]>([
    ['no signature', http(S), `The answer is not signed.${CLAIM}`],
    ['of another key', signedBy(S, { key: stranger.privateKey }), `${NOT_VALID}${CLAIM}`],
    ['without its time', http(S, { ...signed(path, S), 'Response-Time': '' }), `${NOT_VALID}${CLAIM}`],
    [
      'for another client',
      signedBy(S, { clientId: 'OTHER' }),
      `The answer has another client id than the configured one.${CLAIM}`,
    ],
    [
      'bytes that are no text',
      { ...signedBy(S), isExact: false },
      `The answer is not UTF-8, so its text is not what was signed.${CLAIM}`,
    ],
    [
      'another status of HTTP',
      { ...signedBy(S), status: 201 },
      `WorldFirst's address answered with the HTTP status 201.${CLAIM}`,
    ],
    [
      'another status of HTTP and no JSON',
      http('upstream error', {}, { status: 502 }),
      "WorldFirst's address answered with the HTTP status 502.",
    ],
    ['no JSON', http('<html>'), 'The answer has no readable result (line 1, column 1: expected a value).'],
    ['no result', signedBy('{}'), 'The answer has no readable result (it has no result).'],
    [
      'an F without a signature',
      http(answerText('F', 'PROCESS_FAIL')),
      'The answer is not signed. It contains "PROCESS_FAIL: about PROCESS_FAIL".',
    ],
    [
      'a time that is nowhere, though it is signed',
      http(S, { Signature: signed(path, S, { time: 'undefined' }).Signature ?? '' }),
      `${NOT_VALID}${CLAIM}`,
    ],
    [
      'a code without a message',
      http('{"result":{"resultStatus":"F","resultCode":"NO"}}'),
      'The answer is not signed. It contains "NO".',
    ],
    ['no code, and no signature', http('{"result":{"resultStatus":"F"}}'), 'The answer is not signed.'],
  ])('%s', (_, reply, reason) => {
    const badSignature = /^The answer('s signature| is not)/.test(reason) && { badSignature: true };
    expect(judged(reply)).toEqual({
      kind: 'unknown',
      reason: `${reason} The answer does not count.`,
      ...badSignature,
    });
  });

  it('is shown with two hundred characters of its text, without half characters', () => {
    const text = JSON.stringify({ result: { resultStatus: 'F', resultCode: `${'X'.repeat(199)}💸` } });
    expect(judged(http(text))).toEqual({
      kind: 'unknown',
      reason: `The answer is not signed. It contains "${'X'.repeat(199)}\ufffd". The answer does not count.`,
      badSignature: true,
    });
  });

  it.each([
    ['the HTTP status 429', http('slow down', {}, { status: 429 })],
    ['the code for it', http(answerText('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT'))],
    [
      'the code for it, with another status of HTTP',
      http(answerText('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT'), {}, { status: 503 }),
    ],
  ])('is believed only that there were too many calls: by %s', (_, reply) => {
    expect(judged(reply)).toMatchObject({ kind: 'unknown', throttled: true });
  });
});

describe('a refusal by a gateway that does not know the caller', () => {
  const F = answerText('F', 'KEY_NOT_FOUND');

  it('is a configuration error, also without a signature', () => {
    expect(judged(http(F))).toEqual({
      kind: 'failure',
      code: 'KEY_NOT_FOUND',
      message: 'about KEY_NOT_FOUND',
      meaning: { kind: 'configuration', advice: advice('KEY_NOT_FOUND') },
      signed: false,
      body: JSON.parse(F),
    });
  });

  it('is not a configuration error with a signature of another key', () => {
    expect(judged(signedBy(F, { key: stranger.privateKey }))).toMatchObject({ kind: 'unknown' });
  });
});
