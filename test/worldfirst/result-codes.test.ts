import { describe, expect, it } from 'vitest';
import { meaningOf, RESULT_CODES } from '../../worldfirst/index.js';

/** The rows of the three pages: code, status, by operation. Written down again on purpose, from the pages. */
const PAGES = {
  applyRefund: `SUCCESS S, PROCESS_FAIL F, PARAM_ILLEGAL F, INVALID_SIGNATURE F, REPEAT_REQ_INCONSISTENT F,
    UNKNOWN_EXCEPTION F, FILE_SIZE_EXCEED_LIMIT F, CONTRACT_CHECK_FAIL F, SYSTEM_EXCEPTION F, ORDER_NOT_EXIST F,
    REFUND_FAILED_DUE_TO_CHARGEBACK F, REFUND_PERIOD_EXPIRED F, REFUND_FAILED_TRY_AGAIN_LATER F`,
  refund: `SUCCESS S, PARAM_ILLEGAL F, PROCESS_FAIL F, UNKNOWN_EXCEPTION U, UNKNOWN_CLIENT F, API_IS_INVALID F,
    INVALID_CLIENT F, INVALID_API F, CLIENT_FORBIDDEN_ACCESS_API F, ACCESS_DENIED F, KEY_NOT_FOUND F,
    INVALID_CLIENT_STATUS F, INVALID_SIGNATURE F, METHOD_NOT_SUPPORTED F, CURRENCY_NOT_SUPPORT F,
    CONTRACT_NOT_EXIST F, REFUND_AMOUNT_EXCEED F`,
  inquireRefund: 'SUCCESS S, PARAM_ILLEGAL F, UNKNOWN_EXCEPTION U, REFUND_ORDER_NOT_EXIST F',
  queryTradeOrder: 'SUCCESS S, PROCESS_FAIL F, ORDER_NOT_EXIST F',
} as const;

const KINDS = {
  success: 'SUCCESS',
  unknown: 'UNKNOWN_EXCEPTION REQUEST_TRAFFIC_EXCEED_LIMIT',
  tryLater: 'REFUND_FAILED_TRY_AGAIN_LATER',
  final: `PARAM_ILLEGAL ORDER_NOT_EXIST REFUND_PERIOD_EXPIRED REFUND_AMOUNT_EXCEED CURRENCY_NOT_SUPPORT
    FILE_SIZE_EXCEED_LIMIT`,
  idInUse: 'REPEAT_REQ_INCONSISTENT',
  operator: `PROCESS_FAIL SYSTEM_EXCEPTION SYSTEM_ERROR REFUND_FAILED_DUE_TO_CHARGEBACK CONTRACT_CHECK_FAIL
    CONTRACT_NOT_EXIST REFUND_ORDER_NOT_EXIST`,
  configuration: `INVALID_SIGNATURE KEY_NOT_FOUND UNKNOWN_CLIENT INVALID_CLIENT INVALID_CLIENT_STATUS
    CLIENT_FORBIDDEN_ACCESS_API ACCESS_DENIED INVALID_API API_IS_INVALID METHOD_NOT_SUPPORTED SERVICE_NOT_ALLOWED
    OAUTH_FAIL ACCESS_TOKEN_EXPIRED AUTHORIZATION_NOT_EXIST`,
};

describe('the table', () => {
  it.each(Object.entries(PAGES))(
    'has every row of the page of %s, and no other for it',
    (operation, rows) => {
      const listed = Object.entries(RESULT_CODES)
        .filter(([, { operations }]) => operations.includes(operation as never))
        .map(
          ([code, { status, statusElsewhere }]) =>
            `${code} ${statusElsewhere?.[operation as never] ?? status}`,
        );
      expect(listed.sort()).toEqual(rows.split(/,\s+/).sort());
    },
  );

  it.each(Object.entries(KINDS))('classifies as %s exactly the documented codes', (kind, codes) => {
    const sorted = Object.keys(RESULT_CODES).filter((code) => RESULT_CODES[code]?.kind === kind);
    expect(sorted.sort()).toEqual(codes.split(/\s+/).sort());
  });

  it.each(Object.entries(RESULT_CODES))('has the status of its kind for %s', (_, { kind, status }) => {
    const expected = kind === 'success' ? 'S' : kind === 'unknown' ? 'U' : 'F';
    expect(status).toBe(expected);
  });

  it.each(Object.entries(RESULT_CODES))('has advice for %s', (_, { advice, message, operations }) => {
    expect(advice).toMatch(/^[A-Z].{10,}\.$/);
    expect(message).toMatch(/^[A-Z]/i);
    expect(Object.keys(PAGES)).toEqual(expect.arrayContaining([...operations]));
  });

  it.each(KINDS.configuration.split(/\s+/))('has the advice for %s that every call is affected', (code) => {
    expect(RESULT_CODES[code]?.advice).toMatch(
      /^This call was refused because of your configuration; earlier calls may have moved money\. [A-Z]/,
    );
  });

  it('warns that after an inconsistent repeat an earlier refund may have been carried out', () => {
    expect(RESULT_CODES.REPEAT_REQ_INCONSISTENT?.advice).toMatch(
      /may have been carried out.*before.*another id/,
    );
  });
});

describe('the meaning', () => {
  it.each(Object.entries(RESULT_CODES))(
    'of %s with its own status is that of the table',
    (code, { status, kind, advice }) => {
      expect(meaningOf(code, status)).toEqual({ kind, advice });
    },
  );

  it.each(Object.keys(RESULT_CODES))('of %s with U is unknown', (code) => {
    expect(meaningOf(code, 'U').kind).toBe('unknown');
  });

  it.each(['S', 'F', 'U', undefined, 'X'])('of UNKNOWN_EXCEPTION with %s is unknown', (status) => {
    expect(meaningOf('UNKNOWN_EXCEPTION', status).kind).toBe('unknown');
  });

  it.each(Object.keys(RESULT_CODES).filter((code) => code !== 'SUCCESS'))(
    'of %s with S contradicts itself: unknown',
    (code) => {
      expect(meaningOf(code, 'S').kind).toBe('unknown');
    },
  );

  it.each([
    ['SUCCESS', 'F', 'unknown'],
    ['SUCCESS', undefined, 'unknown'],
    ['SUCCESS', 's', 'unknown'],
    ['PROCESS_FAIL', undefined, 'unknown'],
    ['PROCESS_FAIL', '', 'unknown'],
    ['NEVER_SEEN', 'S', 'success'],
    ['NEVER_SEEN', 'F', 'operator'],
    ['NEVER_SEEN', 'U', 'unknown'],
    ['NEVER_SEEN', 'ACCEPTED', 'unknown'],
    [undefined, 'S', 'unknown'],
    [undefined, 'F', 'unknown'],
    ['', 'F', 'unknown'],
    ['constructor', 'F', 'operator'],
    ['__proto__', 'S', 'success'],
  ])('of %s with %s is %s', (code, status, kind) => {
    const meaning = meaningOf(code, status);
    expect(meaning.kind).toBe(kind);
    expect(meaning.advice).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['REPEAT_REQUEST', 'idInUse'],
    ['DUPLICATE_REQUEST', 'idInUse'],
    ['ORDER_ALREADY_REFUNDED', 'idInUse'],
    ['REFUND_PROCESSING', 'idInUse'],
    ['REFUND_IN_PROGRESS', 'idInUse'],
    ['REFUND_EXIST', 'idInUse'],
    ['REFUND_EXISTS', 'idInUse'],
    ['REFUND_EXISTED', 'idInUse'],
    ['REFUND_NOT_EXIST', 'operator'],
    ['REFUND_NOT_EXISTS', 'operator'],
    ['REFUND_EXISTENCE_UNCLEAR', 'operator'],
  ])('of a code on no page: %s with F is %s', (code, kind) => {
    expect(meaningOf(code, 'F').kind).toBe(kind);
  });

  it.each([
    ['NEVER_SEEN', 'S', /^Nothing needs to be done\.$/],
    ['NEVER_SEEN', 'F', /^WorldFirst does not document this code/],
    ['NEVER_SEEN', 'U', /^The refund may have been carried out\. Inquire/],
    [undefined, 'S', /^The refund may have been carried out\. Inquire/],
    ['SUCCESS', 'F', /^The code and the status of the answer contradict each other\. The refund may/],
    ['PROCESS_FAIL', 'S', /^The code and the status of the answer contradict each other\. The refund may/],
  ])('of %s with %s has advice', (code, status, advice) => {
    expect(meaningOf(code, status).advice).toMatch(advice);
  });

  it.each(['S', 'F'])('of UNKNOWN_EXCEPTION with %s has the advice of the code', (status) => {
    expect(meaningOf('UNKNOWN_EXCEPTION', status).advice).toBe(RESULT_CODES.UNKNOWN_EXCEPTION?.advice);
  });

  it.each(['SUCCESS', 'PROCESS_FAIL'])('of %s with U has the advice of the code', (code) => {
    expect(meaningOf(code, 'U').advice).toBe(RESULT_CODES[code]?.advice);
  });
});
