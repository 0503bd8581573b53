import type { Help, Mismatch, Refused, ResultInfo, Throttled, Unknown } from '../rules/answer.js';
import type { ApiAnswer, Failure } from '../worldfirst/classify-response.js';

/** What was said, and what is advised where anything is to be done. */
export function resultInfoOf({ code, message, advice }: ResultInfo): ResultInfo {
  return { ...(code && { code }), ...(message && { message }), ...(advice && { advice }) };
}

/** A failure's words, with the advice of the table. */
export function failureInfoOf({ code, message, meaning }: Failure): ResultInfo & { code: string } {
  return { ...resultInfoOf({ message, advice: meaning.advice }), code };
}

/** A definite refusal, and who can help. */
export function refused({ code, message, meaning, signed }: Failure, help: Help): Refused {
  return { kind: 'refused', code, message, advice: meaning.advice, help, signed };
}

/** An unknown result, with what WorldFirst said about it. */
export function unknown(answer: ResultInfo & { reason: string }): Unknown {
  return { kind: 'unknown', reason: answer.reason, ...resultInfoOf(answer) };
}

/** A call that met WorldFirst's rate limit. */
export function throttled(answer: ResultInfo & { reason: string }): Throttled {
  return { kind: 'throttled', reason: answer.reason, ...resultInfoOf(answer) };
}

/** An answer that is about something else than what was asked. */
export function mismatch(answer: ResultInfo, differences: string[]): Mismatch {
  const named = differences.slice(0, MOST_DIFFERENCES).map(shortened);
  return { kind: 'mismatch', differences: named, ...resultInfoOf(answer) };
}

// WorldFirst's answer may have a mebibyte, but the explanation for an operator must fit into a history, a query and a page.
const MOST_DIFFERENCES = 20;
const LONGEST_DIFFERENCE = 500;

function shortened(text: string): string {
  const shown = text.length > LONGEST_DIFFERENCE ? `${text.slice(0, LONGEST_DIFFERENCE)}…` : text;
  return shown.toWellFormed();
}

/** S whose body lacks what it must hold: WorldFirst did something, and cannot say what. */
export function unreadable(answer: Extract<ApiAnswer<unknown>, { kind: 'unreadable' }>): Mismatch {
  const differences = answer.problems.map((problem) => `The answer cannot be read: ${problem}.`);
  return mismatch(answer, differences);
}
