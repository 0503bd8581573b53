import { describe, expect, it } from 'vitest';
import { noAnswer, StoppedError } from '../../worldfirst/no-answer.js';

const say = (code: string, mayHaveBeenSent: boolean) =>
  noAnswer(Object.assign(new Error('something broke'), code && { code }), {
    mayHaveBeenSent,
    host: 'wf.example:443',
    timeout: 1_500,
  });

describe('a call that ended before its request could leave', () => {
  it.each([
    ['ECONNREFUSED', 'The connection to wf.example:443 was refused.'],
    ['ENOTFOUND', 'The name of wf.example:443 was not found.'],
    ['EAI_AGAIN', 'The name of wf.example:443 could not be looked up.'],
    ['ECONNRESET', 'The connection to wf.example:443 broke off before the request was written.'],
    ['ETIMEDOUT', 'No connection to wf.example:443 was made within 1.5 s.'],
    ['ERR_ABORTED', 'The call was aborted before a connection to wf.example:443 was made.'],
    ['UND_ERR_DESTROYED', 'The client was closed before a connection to wf.example:443 was made.'],
    ['EHOSTUNREACH', 'No connection to wf.example:443 was made (EHOSTUNREACH).'],
    ['', 'No connection to wf.example:443 was made (something broke).'],
  ])('%s', (code, sentence) => {
    expect(say(code, false)).toEqual({ kind: 'notSent', reason: `${sentence} Nothing was sent.` });
  });
});

describe('a call whose request may have left', () => {
  it.each([
    ['ECONNRESET', 'The connection to wf.example:443 broke off before the answer was complete.'],
    ['UND_ERR_SOCKET', 'The connection to wf.example:443 broke off before the answer was complete.'],
    ['EPIPE', 'The connection to wf.example:443 broke off while the request was being sent.'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'The answer of wf.example:443 was cut off.'],
    ['HPE_INVALID_EOF_STATE', 'The answer of wf.example:443 was cut off.'],
    ['ETIMEDOUT', 'wf.example:443 gave no complete answer within 1.5 s.'],
    ['ERR_ABORTED', 'The call was aborted before the answer was complete.'],
    ['UND_ERR_DESTROYED', 'The client was closed before the answer was complete.'],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'wf.example:443 answered with more than 1048576 bytes.'],
    ['ERR_BUFFER_TOO_LARGE', 'wf.example:443 answered with more than 1048576 bytes.'],
    ['ECONNREFUSED', 'The call to wf.example:443 failed (ECONNREFUSED).'],
    ['', 'The call to wf.example:443 failed (something broke).'],
  ])('%s', (code, sentence) => {
    expect(say(code, true)).toEqual({ kind: 'lost', reason: `${sentence} The request may have arrived.` });
  });
});

it('a call that was ended from this side says by what', () => {
  expect(new StoppedError('ETIMEDOUT')).toMatchObject({ code: 'ETIMEDOUT', message: 'ETIMEDOUT' });
});
