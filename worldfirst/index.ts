/**
 * WorldFirst's refund APIs on their own, without Temporal: signed calls, verified answers, result codes.
 * @module worldfirst-refunds/worldfirst
 */
export type {
  ApplyRefundBody,
  CashierRefundBody,
  InquireRefundBody,
  QueryTradeOrderBody,
} from '../rules/bodies.js';
export type { Amount } from '../rules/money.js';
export type { ApiAnswer, Failure } from './classify-response.js';
export { type CallOptions, WorldFirstClient } from './client.js';
export { type InputIssue, InvalidInputError } from './errors.js';
export { KeyError, privateKeyFrom, publicKeysFrom } from './keys.js';
export { type Meaning, meaningOf } from './meaning.js';
export type { WorldFirstClientOptions } from './options.js';
export {
  type Operation,
  RESULT_CODES,
  type ResultCode,
  type ResultKind,
  type ResultStatus,
} from './result-codes.js';
export type {
  ApplyRefundAnswer,
  InquireRefundAnswer,
  QueryTradeOrderAnswer,
  RefundAnswer,
} from './schemas.js';
export { type SignedText, signatureHeader, verifySignature } from './signature.js';
