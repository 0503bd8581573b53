import { describe, expect, it } from 'vitest';
import {
  AnotherRefundError,
  CheckRefusedError,
  DecisionRefusedError,
  InvalidRefundRequestError,
  isRefundError,
  NoWorkerError,
  RefundConflictError,
  RefundEndedError,
  RefundError,
  RefundNotFoundError,
  RefundNotRunError,
  RefundPausedError,
  RefundStoppedError,
  TemporalUnreachableError,
} from '../../client/errors.js';

const issues = [
  { path: 'tradeId', message: 'is missing' },
  { path: 'refundRequestId', message: 'must not be empty' },
];

describe('an error of this package', () => {
  it.each([
    ['INVALID_REQUEST', 'InvalidRefundRequestError', new InvalidRefundRequestError(issues)],
    ['REFUND_CONFLICT', 'RefundConflictError', new RefundConflictError('R-1')],
    ['REFUND_NOT_FOUND', 'RefundNotFoundError', new RefundNotFoundError('R-1')],
    ['REFUND_NOT_RUN', 'RefundNotRunError', new RefundNotRunError('R-1', 'came to no outcome')],
    ['DECISION_REFUSED', 'DecisionRefusedError', new DecisionRefusedError('R-1', 'ENDED', 'it has ended')],
    ['CHECK_REFUSED', 'CheckRefusedError', new CheckRefusedError('R-1', 'no inquiry is planned')],
    ['TEMPORAL_UNREACHABLE', 'TemporalUnreachableError', new TemporalUnreachableError('unreachable')],
    ['NO_WORKER', 'NoWorkerError', new NoWorkerError('R-1')],
  ])('has the stable code %s and its own name', (code, name, error) => {
    expect(error).toBeInstanceOf(RefundError);
    expect(error).toBeInstanceOf(Error);
    expect({ code: error.code, name: error.name }).toEqual({ code, name });
    expect(error.message).not.toMatch(/\n/);
  });

  it.each([
    new RefundConflictError('R-1'),
    new AnotherRefundError(
      { refundRequestId: 'R-1', tradeId: 'T-1' },
      { refundRequestId: 'R-0', status: 'unknown' },
    ),
    new RefundNotFoundError('R-1'),
    new RefundNotRunError('R-1', 'came to no outcome'),
    new RefundStoppedError('R-1', 'was terminated'),
    new RefundPausedError('R-1'),
    new RefundEndedError('R-1'),
    new DecisionRefusedError('R-1', 'ENDED', 'it has ended'),
    new CheckRefusedError('R-1', 'no inquiry is planned'),
    new NoWorkerError('R-1', 'refunds'),
  ])('about one refund names it: $code', (error) => {
    expect(error.refundRequestId).toBe('R-1');
  });

  it('is recognised among other errors', () => {
    expect(isRefundError(new RefundEndedError('R-1'))).toBe(true);
    expect(isRefundError(Object.assign(new Error('another'), { code: 'REFUND_ENDED' }))).toBe(false);
    expect(isRefundError(undefined)).toBe(false);
  });

  it('keeps its cause', () => {
    const cause = new Error('14 UNAVAILABLE');
    expect(new TemporalUnreachableError('unreachable', { cause }).cause).toBe(cause);
  });
});

describe('the message of an error', () => {
  it('about a request has every mistake with its path, and that nothing was started', () => {
    const error = new InvalidRefundRequestError(issues);
    expect(error.issues).toEqual(issues);
    for (const part of ['tradeId is missing', 'refundRequestId must not be empty', 'Nothing was started']) {
      expect(error.message).toContain(part);
    }
  });

  it('about a conflict has the id, and that nothing was started', () => {
    const error = new RefundConflictError('R-1');
    expect(error.refundRequestId).toBe('R-1');
    expect(error.message).toMatch(/R-1.*Nothing was started/);
  });

  it('about a rejected decision has the reason and code, and that nothing changed', () => {
    const error = new DecisionRefusedError('R-1', 'ALREADY_DECIDED', 'Ben decided send-again');
    expect(error.refusal).toBe('ALREADY_DECIDED');
    expect(error.message).toMatch(/Ben decided send-again.*Nothing changed/);
  });
});
