/** WorldFirst's `result.resultStatus`: success, failure, unknown. */
export type ResultStatus = 'S' | 'F' | 'U';

/** The four operations of WorldFirst's that a refund needs. */
export type Operation = 'queryTradeOrder' | 'applyRefund' | 'refund' | 'inquireRefund';

/**
 * What a result code asks of us:
 * - `success`: it was done
 * - `unknown`: it may or may not have been done; inquire, never send it under another id
 * - `tryLater`: it was not done; try again later, under the same id
 * - `idInUse`: the id has another request already, whose outcome is not known here; never failed, never a new id
 * - `final`: it was refused, and a repeat cannot help
 * - `operator`: it was refused for a reason that an operator can put right
 * - `configuration`: it was refused because of keys, client id or contract, which concerns every call until it is fixed
 */
export type ResultKind =
  | 'success'
  | 'unknown'
  | 'tryLater'
  | 'idInUse'
  | 'final'
  | 'operator'
  | 'configuration';

/** One row of WorldFirst's tables of result codes. */
export interface ResultCode {
  /** The status that goes with the code. */
  status: ResultStatus;
  /** Where the page of one operation gives another status. It decides nothing: {@link kind} does. */
  statusElsewhere?: Partial<Record<Operation, ResultStatus>>;
  kind: ResultKind;
  /** WorldFirst's own words. */
  message: string;
  /** The page's "further action", in our words: what an operator does. */
  advice: string;
  /** The operations whose documentation lists the code; none for codes that only the gateway was seen to send. */
  operations: readonly Operation[];
}

const ALL: readonly Operation[] = ['queryTradeOrder', 'applyRefund', 'refund', 'inquireRefund'];
const GATEWAY = 'This call was refused because of your configuration; earlier calls may have moved money.';

/** Every result code of WorldFirst's that is known, and what it means for a refund. */
export const RESULT_CODES: Readonly<Record<string, ResultCode>> = {
  SUCCESS: {
    status: 'S',
    kind: 'success',
    message: 'Success',
    advice: 'Nothing needs to be done.',
    operations: ALL,
  },

  // One page lists it as F with the advice to retry, the others as U. A client that takes it for a refusal may refund twice.
  UNKNOWN_EXCEPTION: {
    status: 'U',
    statusElsewhere: { applyRefund: 'F' },
    kind: 'unknown',
    message: 'API failed due to unknown reason.',
    advice:
      'WorldFirst may be down, and the refund may have been carried out. Inquire at the documented intervals; if the result stays unknown, contact WorldFirst Technical Support.',
    operations: ['applyRefund', 'refund', 'inquireRefund'],
  },
  REQUEST_TRAFFIC_EXCEED_LIMIT: {
    status: 'U',
    kind: 'unknown',
    message: 'The request traffic exceeds the limit.',
    advice:
      'Too many calls were made, and the result of this one is unknown. Wait, then inquire or repeat it under the same id.',
    operations: [],
  },

  REFUND_FAILED_TRY_AGAIN_LATER: {
    status: 'F',
    kind: 'tryLater',
    message: 'Refund failed, please try again later',
    advice:
      'This call did not carry out the refund. The workflow repeats it under the same id; do not start another refund.',
    operations: ['applyRefund'],
  },

  PARAM_ILLEGAL: {
    status: 'F',
    kind: 'final',
    message: 'Illegal parameters exist. For example, a non-numeric input, or an invalid date.',
    advice:
      'Compare every field of header and body with the API page, correct the request, then start a refund under a new refundRequestId.',
    operations: ['applyRefund', 'refund', 'inquireRefund'],
  },
  REPEAT_REQ_INCONSISTENT: {
    status: 'F',
    kind: 'idInUse',
    message: 'Repeated requests are inconsistent.',
    advice:
      'Another request under this id may have been carried out. Ask WorldFirst for its result before you refund under another id.',
    operations: ['applyRefund'],
  },
  FILE_SIZE_EXCEED_LIMIT: {
    status: 'F',
    kind: 'final',
    message: 'The file size has exceeded the limit.',
    advice: 'Make the file smaller than the limit, then start a refund under a new refundRequestId.',
    operations: ['applyRefund'],
  },
  ORDER_NOT_EXIST: {
    status: 'F',
    kind: 'final',
    message: 'The order does not exist.',
    advice: 'Correct the trade id, then start a refund under a new refundRequestId.',
    operations: ['queryTradeOrder', 'applyRefund'],
  },
  REFUND_PERIOD_EXPIRED: {
    status: 'F',
    kind: 'final',
    message:
      'This payment is no longer eligible for refunds as the refund period for this transaction has ended.',
    advice:
      'WorldFirst cannot refund this order any more. Check the earlier refunds of the order before you return the money in another way.',
    operations: ['applyRefund'],
  },
  REFUND_AMOUNT_EXCEED: {
    status: 'F',
    kind: 'final',
    message: 'REFUND_AMOUNT_EXCEED',
    advice:
      'The amount is more than what is left to refund: the payment may be refunded already. Check that first; refund only what is still owed, under a new refundRequestId.',
    operations: ['refund'],
  },
  CURRENCY_NOT_SUPPORT: {
    status: 'F',
    kind: 'final',
    message: 'The currency is not supported.',
    advice: 'Correct the currency, then start a refund under a new refundRequestId.',
    operations: ['refund'],
  },

  PROCESS_FAIL: {
    status: 'F',
    kind: 'operator',
    message: 'A general business failure occurred. Do not retry.',
    advice: 'Do not repeat the refund. Contact WorldFirst Technical Support with the request id.',
    operations: ['queryTradeOrder', 'applyRefund', 'refund'],
  },
  SYSTEM_EXCEPTION: {
    status: 'F',
    kind: 'operator',
    message: 'System exception.',
    advice: 'Do not start another refund. Ask your WorldTrade customer service manager for help.',
    operations: ['applyRefund'],
  },
  SYSTEM_ERROR: {
    status: 'F',
    kind: 'operator',
    message: 'System error.',
    advice:
      'WorldFirst does not document this code. Contact WorldFirst Technical Support with the request id before you repeat anything.',
    operations: [],
  },
  REFUND_FAILED_DUE_TO_CHARGEBACK: {
    status: 'F',
    kind: 'operator',
    message: 'The refund order failed because chargeback exists.',
    advice:
      'A chargeback is open for this order and may return the money. Wait for its end; refund only what is still owed.',
    operations: ['applyRefund'],
  },
  CONTRACT_CHECK_FAIL: {
    status: 'F',
    kind: 'operator',
    message: 'The contract check has failed.',
    advice:
      'Ask WorldFirst Technical Support whether your API contract is still valid, then decide send-again.',
    operations: ['applyRefund'],
  },
  CONTRACT_NOT_EXIST: {
    status: 'F',
    kind: 'operator',
    message: 'contract does not exist',
    advice:
      'Check that your contract with WorldFirst is signed and covers the ids of the request, then decide send-again.',
    operations: ['refund'],
  },
  // For an inquiry it means "not known (yet)"; as the answer to anything else it makes no sense, and an operator decides.
  REFUND_ORDER_NOT_EXIST: {
    status: 'F',
    kind: 'operator',
    message: 'The refund order does not exist.',
    advice:
      'WorldFirst does not know this refund, or not yet. It may still be carried out: do not start another one.',
    operations: ['inquireRefund'],
  },

  INVALID_SIGNATURE: {
    status: 'F',
    kind: 'configuration',
    message: 'The signature is invalid.',
    advice: `${GATEWAY} Check the private key, the key version, and the path prefix, which is signed.`,
    operations: ['applyRefund', 'refund'],
  },
  KEY_NOT_FOUND: {
    status: 'F',
    kind: 'configuration',
    message: 'Key is not found.',
    advice: `${GATEWAY} Register your public key for this client id in WorldFirst's portal, and check the client id and the key version.`,
    operations: ['refund'],
  },
  UNKNOWN_CLIENT: {
    status: 'F',
    kind: 'configuration',
    message: 'Unknown client.',
    advice: `${GATEWAY} Check the client id, and that it belongs to this environment.`,
    operations: ['refund'],
  },
  INVALID_CLIENT: {
    status: 'F',
    kind: 'configuration',
    message: 'The client is invalid.',
    advice: `${GATEWAY} The client id does not exist or is not valid: check it, and that it belongs to this environment.`,
    operations: ['refund'],
  },
  INVALID_CLIENT_STATUS: {
    status: 'F',
    kind: 'configuration',
    message: 'Invalid client status.',
    advice: `${GATEWAY} Check the client id, and ask WorldFirst whether it is active.`,
    operations: ['refund'],
  },
  CLIENT_FORBIDDEN_ACCESS_API: {
    status: 'F',
    kind: 'configuration',
    message: 'Client is not authorized to use this API.',
    advice: `${GATEWAY} Check the client id, and ask WorldFirst for access to the refund APIs.`,
    operations: ['refund'],
  },
  ACCESS_DENIED: {
    status: 'F',
    kind: 'configuration',
    message: 'Access denied.',
    advice: `${GATEWAY} Ask WorldFirst support why access is denied; for example, whether your IP addresses are allowed.`,
    operations: ['refund'],
  },
  INVALID_API: {
    status: 'F',
    kind: 'configuration',
    message: 'The called API is invalid or not active.',
    advice: `${GATEWAY} Check the host and the path prefix, and ask WorldFirst whether the API is active for you.`,
    operations: ['refund'],
  },
  API_IS_INVALID: {
    status: 'F',
    kind: 'configuration',
    message: 'API is invalid (or not active)',
    advice: `${GATEWAY} Check the host and the path prefix, and ask WorldFirst whether the API is active for you.`,
    operations: ['refund'],
  },
  METHOD_NOT_SUPPORTED: {
    status: 'F',
    kind: 'configuration',
    message: 'The server does not implement the requested HTTP method.',
    advice: `${GATEWAY} All calls are POST: check the host, the path prefix, and whether a proxy rewrites requests.`,
    operations: ['refund'],
  },
  SERVICE_NOT_ALLOWED: {
    status: 'F',
    kind: 'configuration',
    message: 'The service is not allowed.',
    advice: `${GATEWAY} Ask WorldFirst whether your contract includes this API.`,
    operations: [],
  },
  OAUTH_FAIL: {
    status: 'F',
    kind: 'configuration',
    message: 'OAuth authentication failed.',
    advice: `${GATEWAY} Ask WorldFirst which authorization is missing for this client id.`,
    operations: [],
  },
  ACCESS_TOKEN_EXPIRED: {
    status: 'F',
    kind: 'configuration',
    message: 'The access token has expired.',
    advice: `${GATEWAY} Renew the authorization of this client id with WorldFirst.`,
    operations: [],
  },
  AUTHORIZATION_NOT_EXIST: {
    status: 'F',
    kind: 'configuration',
    message: 'The authorization does not exist.',
    advice: `${GATEWAY} Obtain the authorization of this client id from WorldFirst.`,
    operations: [],
  },
};

/** A documented code, or `other`: WorldFirst may answer any text as a code, and a label of a metric must have few values. */
export function documentedCode(code: string): string {
  return Object.hasOwn(RESULT_CODES, code) ? code : 'other';
}
