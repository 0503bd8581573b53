import { MOST_BYTES } from './body.js';

/** No complete answer. `notSent` is a proof: no connection was ready for the request, so no byte of it left this machine. */
export interface NoAnswer {
  kind: 'notSent' | 'lost';
  /** What happened, as a sentence. */
  reason: string;
}

/** The call was ended from this side. */
export class StoppedError extends Error {
  readonly code: 'ETIMEDOUT' | 'ERR_ABORTED';

  constructor(code: StoppedError['code']) {
    super(code);
    this.code = code;
  }
}

/** Says in words what ended a call, and what that means for its request. */
export function noAnswer(
  error: unknown,
  { mayHaveBeenSent, host, timeout }: { mayHaveBeenSent: boolean; host: string; timeout: number },
): NoAnswer {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const seconds = timeout / 1000;
  if (!mayHaveBeenSent) {
    const why = BEFORE[code]?.(host, seconds) ?? `No connection to ${host} was made (${code || message}).`;
    return { kind: 'notSent', reason: `${why} Nothing was sent.` };
  }
  const why = AFTER[code]?.(host, seconds) ?? `The call to ${host} failed (${code || message}).`;
  return { kind: 'lost', reason: `${why} The request may have arrived.` };
}

type Sentence = (host: string, seconds: number) => string;

const BEFORE: Readonly<Record<string, Sentence | undefined>> = {
  ECONNREFUSED: (host) => `The connection to ${host} was refused.`,
  ENOTFOUND: (host) => `The name of ${host} was not found.`,
  EAI_AGAIN: (host) => `The name of ${host} could not be looked up.`,
  ECONNRESET: (host) => `The connection to ${host} broke off before the request was written.`,
  ETIMEDOUT: (host, seconds) => `No connection to ${host} was made within ${seconds} s.`,
  ERR_ABORTED: (host) => `The call was aborted before a connection to ${host} was made.`,
  UND_ERR_DESTROYED: (host) => `The client was closed before a connection to ${host} was made.`,
};

const brokenOff: Sentence = (host) => `The connection to ${host} broke off before the answer was complete.`;
const cutOff: Sentence = (host) => `The answer of ${host} was cut off.`;
const tooLarge: Sentence = (host) => `${host} answered with more than ${MOST_BYTES} bytes.`;

const AFTER: Readonly<Record<string, Sentence | undefined>> = {
  ECONNRESET: brokenOff,
  UND_ERR_SOCKET: brokenOff,
  EPIPE: (host) => `The connection to ${host} broke off while the request was being sent.`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: cutOff,
  HPE_INVALID_EOF_STATE: cutOff,
  ETIMEDOUT: (host, seconds) => `${host} gave no complete answer within ${seconds} s.`,
  ERR_ABORTED: () => 'The call was aborted before the answer was complete.',
  UND_ERR_DESTROYED: () => 'The client was closed before the answer was complete.',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: tooLarge,
  ERR_BUFFER_TOO_LARGE: tooLarge,
};
