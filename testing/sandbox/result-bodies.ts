import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import { type Operation, RESULT_CODES, type ResultStatus } from '../../worldfirst/result-codes.js';
import type { Account } from './ledger.js';

/** What an API makes of a request. */
export type Evaluation =
  /** The request itself is wrong; nothing that is placed on the call matters. */
  | { kind: 'invalid'; answer: JsonObject }
  | {
      kind: 'valid';
      /** The answer, were the request carried out now. */
      answer: JsonObject;
      /** Every id that the call is about, as rules name them. */
      ids: string[];
      /** The trades or payments whose words apply. */
      accounts: Account[];
      /** WorldFirst has read the request, whatever it does with it. */
      read: () => void;
      /** Carries it out. */
      effect: () => void;
    };

/** One result, as every answer has it. */
export function result(code: string, status: ResultStatus, message: string): JsonObject {
  return { result: { resultCode: code, resultStatus: status, resultMessage: message } };
}

/** The answer to a request that worked. */
export function success(fields: JsonObject): JsonObject {
  return { ...result('SUCCESS', 'S', 'success.'), ...fields };
}

/** A result code with the status and the words of the API's own page. A code that is on no page is a failure. */
export function coded(code: string, api: Operation): JsonObject {
  const row = Object.hasOwn(RESULT_CODES, code) ? RESULT_CODES[code] : undefined;
  return result(code, row?.statusElsewhere?.[api] ?? row?.status ?? 'F', row?.message ?? code);
}

/** Nobody knows what became of the request. The page of applyRefund lists this code as F, but a U is what is meant here. */
export function unknown(): JsonObject {
  return result('UNKNOWN_EXCEPTION', 'U', 'API failed due to unknown reason.');
}

/** The request breaks the API's rules; the mistake is named, which makes a client's bug easier to find. */
export function illegal(mistake: string): Evaluation {
  return { kind: 'invalid', answer: result('PARAM_ILLEGAL', 'F', `Illegal parameters exist. ${mistake}`) };
}

/** WorldFirst answers with the value in digits, where partners send a number. */
export function inDigits({ currency, value }: Amount): JsonObject {
  return { currency, value: String(value) };
}

/** ISO 8601 in whole seconds at +08:00, as WorldFirst writes times. */
export function chinaTime(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
