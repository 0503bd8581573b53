import { describe, expect, it } from 'vitest';
import { noAnswer, type Stage, StoppedError } from '../../worldfirst/no-answer.js';

const say = (known: string, stage: Stage) =>
  noAnswer(
    /^[A-Z_]+$/.test(known) ? Object.assign(new Error('something broke'), { code: known }) : new Error(known),
    {
      stage,
      host: 'wf.example:443',
      proxy: 'proxy.example:3128',
      timeout: 1_500,
    },
  );

describe('a call that ended before the proxy had opened a tunnel', () => {
  it.each([
    ['ECONNREFUSED', 'The connection to the proxy proxy.example:3128 was refused.'],
    ['ENOTFOUND', 'The name of the proxy proxy.example:3128 was not found.'],
    ['ETIMEDOUT', 'The proxy proxy.example:3128 opened no tunnel to wf.example:443 within 1.5 s.'],
    ['ERR_ABORTED', 'The call was aborted before a connection to wf.example:443 was made.'],
    ['ERR_CLOSED', 'The client was closed before a connection to wf.example:443 was made.'],
    ['EHOSTUNREACH', 'The proxy proxy.example:3128 opened no tunnel to wf.example:443 (EHOSTUNREACH).'],
    [
      'Bad response: 503',
      'The proxy proxy.example:3128 opened no tunnel to wf.example:443 (HTTP status 503).',
    ],
    [
      'Bad response: 407',
      'The proxy proxy.example:3128 did not accept the user and password (HTTP status 407).',
    ],
  ])('%s', (known, sentence) => {
    expect(say(known, 'tunnelling')).toMatchObject({
      kind: 'notSent',
      reason: `${sentence} This call was not sent.`,
    });
  });
});

describe('a call that ended before its connection was ready', () => {
  it.each([
    ['ECONNREFUSED', 'The connection to wf.example:443 was refused.'],
    ['ENOTFOUND', 'The name of wf.example:443 was not found.'],
    ['EAI_AGAIN', 'The name of wf.example:443 could not be looked up.'],
    ['ECONNRESET', 'The connection to wf.example:443 was closed before the request was written.'],
    ['ETIMEDOUT', 'No connection to wf.example:443 was made within 1.5 s.'],
    ['ERR_ABORTED', 'The call was aborted before a connection to wf.example:443 was made.'],
    ['ERR_CLOSED', 'The client was closed before a connection to wf.example:443 was made.'],
    ['EHOSTUNREACH', 'No connection to wf.example:443 was made (EHOSTUNREACH).'],
    ['something broke', 'No connection to wf.example:443 was made (something broke).'],
  ])('%s', (known, sentence) => {
    expect(say(known, 'connecting')).toMatchObject({
      kind: 'notSent',
      reason: `${sentence} This call was not sent.`,
    });
  });
});

describe('a call whose request may have been sent', () => {
  it.each([
    ['ECONNRESET', 'The connection to wf.example:443 was closed before the answer was complete.'],
    ['EPIPE', 'The connection to wf.example:443 was closed while the request was being sent.'],
    ['ETIMEDOUT', 'wf.example:443 gave no complete answer within 1.5 s.'],
    ['ERR_ABORTED', 'The call was aborted before the answer was complete.'],
    ['ERR_CLOSED', 'The client was closed before the answer was complete.'],
    ['ERR_UPGRADED', 'wf.example:443 switched to another protocol.'],
    ['ERR_TOO_LARGE', 'wf.example:443 answered with more than 1048576 bytes.'],
    ['ERR_BUFFER_TOO_LARGE', 'wf.example:443 answered with more than 1048576 bytes.'],
    ['ECONNREFUSED', 'The call to wf.example:443 failed (ECONNREFUSED).'],
    ['something broke', 'The call to wf.example:443 failed (something broke).'],
  ])('%s', (known, sentence) => {
    expect(say(known, 'sent')).toMatchObject({
      kind: 'lost',
      reason: `${sentence} WorldFirst may have received this call.`,
    });
  });
});

it('an error without a code is reported by its message, also if got adds its own code', () => {
  const error = Object.assign(new Error('something broke'), { code: 'ERR_GOT_REQUEST_ERROR' });
  expect(noAnswer(error, { stage: 'sent', host: 'wf.example', timeout: 1 })).toMatchObject({
    reason: expect.stringContaining('(something broke)'),
  });
});

it('a call that was ended by the client has the reason', () => {
  expect(new StoppedError('ETIMEDOUT')).toMatchObject({ code: 'ETIMEDOUT', message: 'ETIMEDOUT' });
});
