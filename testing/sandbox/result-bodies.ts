import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import { type Operation, RESULT_CODES, type ResultStatus } from '../../worldfirst/result-codes.js';

/** A body with a result and nothing else. */
export function result(code: string, status: ResultStatus, message: string): JsonObject {
  return { result: { resultCode: code, resultStatus: status, resultMessage: message } };
}

/** The body of a successful answer. */
export function success(fields: JsonObject): JsonObject {
  return { ...result('SUCCESS', 'S', 'success.'), ...fields };
}

/** A result code with the status and message of the API's own page. A code without a page is a failure. */
export function coded(code: string, api: Operation): JsonObject {
  const row = Object.hasOwn(RESULT_CODES, code) ? RESULT_CODES[code] : undefined;
  return result(code, row?.statusElsewhere?.[api] ?? row?.status ?? 'F', row?.message ?? code);
}

/** The outcome of the request is unknown. The page of applyRefund lists this code as F; the sandbox answers U on purpose. */
export function unknown(): JsonObject {
  return result('UNKNOWN_EXCEPTION', 'U', 'API failed due to unknown reason.');
}

/** An amount as WorldFirst writes it: the value is a string of digits. */
export function inDigits({ currency, value }: Amount): JsonObject {
  return { currency, value: String(value) };
}

/** A time as WorldFirst writes it: ISO 8601 in whole seconds at +08:00. */
export function chinaTime(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
