import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { JsonMistake, parseJson } from '../internal/json-text.js';
import { inChinaTime } from '../rules/bodies.js';
import { issuesOf, sentencesOf } from './errors.js';
import { type Meaning, meaningOf } from './meaning.js';
import type { ResultKind } from './result-codes.js';
import { envelope } from './schemas.js';
import { verifySignature } from './signature.js';
import type { HttpAnswer, Reply } from './transport.js';

/** What can be relied on after a call. */
export type ApiAnswer<Body> =
  /** S with a valid signature, and the body is as its page has it. */
  | ({ kind: 'success'; code: string; message: string; body: Body } & Age)
  /** S with a valid signature, but the body lacks what it must hold: WorldFirst did it, and cannot say what. */
  | { kind: 'unreadable'; code: string; message: string; problems: string[]; body: unknown }
  | Failure
  /**
   * U, or no trustworthy answer: the call may or may not have had its effect. `advice` belongs to the code. `throttled`:
   * there were too many calls. `badSignature`: its signature is missing or wrong.
   */
  | {
      kind: 'unknown';
      reason: string;
      code?: string;
      message?: string;
      advice?: string;
      throttled?: true;
      badSignature?: true;
    }
  /** No connection was made, which proves that nothing was sent. */
  | { kind: 'notSent'; reason: string };

/** A signature proves that WorldFirst said so, but not that it said so now, and to this call. */
interface Age {
  /**
   * Why it may be an old answer, as a sentence. Refusals, and some successes, have no id: last week's refusal
   * would end a refund whose money has moved.
   */
  old?: string;
}

/** A definite refusal. `signed` is false only for a gateway that does not know the caller: then its kind is `configuration`. */
export interface Failure extends Age {
  kind: 'failure';
  code: string;
  message: string;
  meaning: Meaning & { kind: Exclude<ResultKind, 'success' | 'unknown'> };
  signed: boolean;
  body: unknown;
}

/** The call that an answer belongs to, its sender and its time. */
export interface Expected {
  path: string;
  clientId: string;
  publicKeys: readonly KeyObject[];
  /** How far its time may be from ours, in milliseconds; beyond that it is called old. */
  maxClockSkew: number;
}

/** Classifies what arrived; everything doubtful is unknown. */
export function classifyResponse<Body>(
  reply: Reply,
  expected: Expected,
  schema: z.ZodType<Body>,
): ApiAnswer<Body> {
  if (reply.kind !== 'answer') {
    return { kind: reply.kind === 'notSent' ? 'notSent' : 'unknown', reason: reply.reason };
  }
  const { body, mistake = 'it has no result' } = parsed(reply.body);
  const { data } = envelope.safeParse(body);
  // Stryker disable next-line StringLiteral: without a result there is no code, and a message is shown only with a code.
  const { status, code, message = '' } = data?.result ?? {};
  // Whoever says so, signed or not: to call less costs nothing.
  const throttled = (reply.status === 429 || code === 'REQUEST_TRAFFIC_EXCEED_LIMIT') && {
    throttled: true as const,
  };
  if (reply.status !== 200) {
    const why = `WorldFirst's address answered with the HTTP status ${reply.status}.`;
    return { ...untrusted(why, code, message), ...throttled };
  }
  if (!data) return untrusted(`The answer has no readable result (${mistake}).`);

  const meaning = meaningOf(code, status);
  const distrust = distrustOf(reply, expected);
  if (distrust !== undefined) {
    // A gateway has no key for a caller that it does not know; such a refusal says nothing about the money.
    if (distrust !== UNSIGNED || !code || meaning.kind !== 'configuration')
      return {
        ...untrusted(distrust, code, message),
        ...throttled,
        ...(distrust !== ANOTHER_CLIENT && { badSignature: true }),
      };
    return {
      kind: 'failure',
      code,
      message,
      meaning: { ...meaning, kind: 'configuration' },
      signed: false,
      body,
    };
  }
  const { kind, advice } = meaning;
  if (!code || kind === 'unknown') {
    const said = { ...(code && { code }), ...(message && { message }) };
    return { kind: 'unknown', reason: unknownReason(code, status), ...said, advice, ...throttled };
  }
  const age = ageOf(reply, expected);
  if (kind !== 'success')
    return { kind: 'failure', code, message, meaning: { kind, advice }, signed: true, body, ...age };
  const read = schema.safeParse(body);
  if (read.success) return { kind, code, message, body: read.data, ...age };
  return { kind: 'unreadable', code, message, problems: problemsOf(read.error), body };
}

// Each of a million entries may have a mistake, and an operator reads about them.
const MOST_PROBLEMS = 20;

function problemsOf(error: z.ZodError): string[] {
  return sentencesOf(issuesOf(error).slice(0, MOST_PROBLEMS));
}

const UNSIGNED = 'The answer is not signed.';
const ANOTHER_CLIENT = 'The answer has another client id than the configured one.';

/** Why the answer cannot be trusted to be WorldFirst's, if so. */
function distrustOf(
  { headers, body, isExact }: HttpAnswer,
  { path, clientId, publicKeys }: Expected,
): string | undefined {
  const answeredTo = textOf(headers['client-id']);
  if (answeredTo && answeredTo !== clientId) return ANOTHER_CLIENT;
  const signature = textOf(headers.signature);
  if (!signature) return UNSIGNED;
  if (!isExact) return 'The answer is not UTF-8, so its text is not what was signed.';
  // Stryker disable next-line StringLiteral: no text in place of a missing time is one that can be signed.
  const time = textOf(headers['response-time']) ?? '';
  const valid = verifySignature({ path, clientId, time, body }, signature, publicKeys);
  return valid ? undefined : "The answer's signature is not valid for WorldFirst's public key.";
}

// Stryker disable next-line Regex: Date.parse accepts nothing after the offset either.
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Whether the answer is one of another time, as a sentence. */
function ageOf({ headers }: HttpAnswer, { maxClockSkew }: Expected): { old?: string } {
  // Stryker disable next-line StringLiteral: an answer without a time has no valid signature, so its age is not checked.
  const time = textOf(headers['response-time']) ?? '';
  if (TIME.test(time) && Math.abs(Date.now() - Date.parse(time)) <= maxClockSkew) return {};
  const [given, now] = [JSON.stringify(time.slice(0, 40)), inChinaTime(new Date())];
  return {
    old: `The answer is dated ${given}, but it is ${now} on this machine: the answer is old, or a clock is wrong.`,
  };
}

/** What anybody may have written is shown to people, but not as the code of an answer, and not at any length. */
function untrusted(
  why: string,
  code?: string,
  message?: string,
): Extract<ApiAnswer<never>, { kind: 'unknown' }> {
  const claim = code
    ? ` It contains "${[code, message].filter(Boolean).join(': ').slice(0, 200).toWellFormed()}".`
    : '';
  return { kind: 'unknown', reason: `${why}${claim} The answer does not count.` };
}

function unknownReason(code: string | undefined, status: string | undefined): string {
  const given = [code ?? 'no result code', status ? `status ${status}` : 'no status'].join(', ');
  return status === 'U'
    ? `WorldFirst answered that the result is unknown (${given}).`
    : `WorldFirst's answer means an unknown result (${given}).`;
}

/** A body in which a key is given twice says two things, and none of them counts. */
function parsed(text: string): { body?: unknown; mistake?: string } {
  try {
    // A byte order mark is signed with the body, and is no part of the JSON.
    return { body: parseJson(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: parseJson throws nothing else; any other error would be a bug.
    if (!(error instanceof JsonMistake)) throw error;
    return { mistake: error.message };
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
