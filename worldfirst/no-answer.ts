import { MOST_BYTES } from './body.js';

/** No complete answer. `notSent` is a proof: no connection was ready for the request, so no byte of it left this machine. */
export interface NoAnswer {
  kind: 'notSent' | 'lost';
  /** What happened, as a sentence. */
  reason: string;
  /** The code of the error, such as `ECONNREFUSED`, where it has one. */
  code?: string;
}

/**
 * How far a request has come. `tunnelling`: the proxy has not opened a tunnel to the server. `connecting`: the connection to
 * the server is not ready. `sent`: the connection was ready, so the request may have been written to it.
 */
export type Stage = 'tunnelling' | 'connecting' | 'sent';

/** The client itself ended the call. */
export class StoppedError extends Error {
  readonly code: 'ETIMEDOUT' | 'ERR_ABORTED' | 'ERR_CLOSED' | 'ERR_TOO_LARGE' | 'ERR_UPGRADED';

  constructor(code: StoppedError['code']) {
    super(code);
    this.code = code;
  }
}

/** Where a call went, and how far it came. */
interface Call {
  stage: Stage;
  host: string;
  /** The proxy's host, without its password. */
  proxy?: string;
  /** In milliseconds. */
  timeout: number;
}

/** Says in words what ended a call, and what that means for its request. */
export function noAnswer(error: unknown, call: Call): NoAnswer {
  const { code, message } = error as NodeJS.ErrnoException;
  const hasCode = code !== undefined && code !== GOT_KNOWS_NO_CODE;
  const known = hasCode ? code : message;
  const { sentences, otherwise, means, kind } = STAGES[call.stage];
  const reason = `${sentences[known]?.(call) ?? otherwise(call, known)} ${means}`;
  return { kind, reason, ...(hasCode && { code }) };
}

const GOT_KNOWS_NO_CODE = 'ERR_GOT_REQUEST_ERROR';

type Sentence = (call: Call) => string;

interface Meaning {
  kind: NoAnswer['kind'];
  means: string;
  /** By the error's code, or its message where it has none. */
  sentences: Readonly<Record<string, Sentence | undefined>>;
  otherwise: (call: Call, known: string) => string;
}

const seconds = ({ timeout }: Call) => `${timeout / 1000} s`;
const closedEarly: Sentence = ({ host }) =>
  `The connection to ${host} was closed before the answer was complete.`;
const tooLarge: Sentence = ({ host }) => `${host} answered with more than ${MOST_BYTES} bytes.`;
const aborted: Sentence = ({ host }) => `The call was aborted before a connection to ${host} was made.`;
const closed: Sentence = ({ host }) => `The client was closed before a connection to ${host} was made.`;

const STAGES: Readonly<Record<Stage, Meaning>> = {
  tunnelling: {
    kind: 'notSent',
    means: 'This call was not sent.',
    sentences: {
      ECONNREFUSED: ({ proxy }) => `The connection to the proxy ${proxy} was refused.`,
      ENOTFOUND: ({ proxy }) => `The name of the proxy ${proxy} was not found.`,
      ETIMEDOUT: (call) =>
        `The proxy ${call.proxy} opened no tunnel to ${call.host} within ${seconds(call)}.`,
      ERR_ABORTED: aborted,
      ERR_CLOSED: closed,
      'Bad response: 407': ({ proxy }) =>
        `The proxy ${proxy} did not accept the user and password (HTTP status 407).`,
    },
    otherwise: ({ proxy, host }, known) =>
      `The proxy ${proxy} opened no tunnel to ${host} (${known.replace('Bad response:', 'HTTP status')}).`,
  },
  connecting: {
    kind: 'notSent',
    means: 'This call was not sent.',
    sentences: {
      ECONNREFUSED: ({ host }) => `The connection to ${host} was refused.`,
      ENOTFOUND: ({ host }) => `The name of ${host} was not found.`,
      EAI_AGAIN: ({ host }) => `The name of ${host} could not be looked up.`,
      ECONNRESET: ({ host }) => `The connection to ${host} was closed before the request was written.`,
      ETIMEDOUT: (call) => `No connection to ${call.host} was made within ${seconds(call)}.`,
      ERR_ABORTED: aborted,
      ERR_CLOSED: closed,
    },
    otherwise: ({ host }, known) => `No connection to ${host} was made (${known}).`,
  },
  sent: {
    kind: 'lost',
    means: 'WorldFirst may have received this call.',
    sentences: {
      ECONNRESET: closedEarly,
      EPIPE: ({ host }) => `The connection to ${host} was closed while the request was being sent.`,
      ETIMEDOUT: (call) => `${call.host} gave no complete answer within ${seconds(call)}.`,
      ERR_ABORTED: () => 'The call was aborted before the answer was complete.',
      ERR_CLOSED: () => 'The client was closed before the answer was complete.',
      ERR_UPGRADED: ({ host }) => `${host} switched to another protocol.`,
      ERR_TOO_LARGE: tooLarge,
      ERR_BUFFER_TOO_LARGE: tooLarge,
    },
    otherwise: ({ host }, known) => `The call to ${host} failed (${known}).`,
  },
};
