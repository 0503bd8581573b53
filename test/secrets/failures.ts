import type { RefundRequest } from '../../client/index.js';
import { FAULTS } from '../../testing/sandbox/faults.js';
import type { Fixture } from '../../testing/sandbox/index.js';
import { cashierBody } from '../worldfirst/fixtures.js';

/** A refund, what happens to it in the sandbox, and which of the workers meets it. */
export interface Failing {
  request: RefundRequest;
  fixture: Fixture;
  worker: 'right' | 'wrong-key' | 'nowhere';
}

const CODES = ['INVALID_SIGNATURE', 'KEY_NOT_FOUND', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'];

/** A refund for every way in which something can fail. */
export function everyFailure(): Failing[] {
  let count = 0;
  const newId = () => {
    count += 1;
    return `secrets-${process.pid}-${count}`;
  };
  const worldtrade = (words: string, worker: Failing['worker'] = 'right'): Failing => {
    const id = newId();
    const request = { product: 'worldtrade' as const, refundRequestId: id, tradeId: id };
    return { request, fixture: { tradeId: id, scenario: words }, worker };
  };
  const cashier = (words: string, worker: Failing['worker'] = 'right'): Failing => {
    const id = newId();
    const { refundToDetails, refundReason } = cashierBody;
    const ids = { refundRequestId: id, payToId: id };
    const request = { product: 'cashier' as const, ...ids, refundToDetails, refundReason };
    return { request, fixture: { payToId: id, scenario: words }, worker };
  };
  return [
    ...FAULTS.map(({ word }, index) =>
      index % 2
        ? worldtrade(`query-${word}-${word}-after-inquire-${word}`)
        : cashier(`${word}-after-inquire-${word}`),
    ),
    ...CODES.map((code) => cashier(`refused-${code}`)),
    worldtrade('phases'),
    worldtrade('', 'wrong-key'),
    cashier('', 'wrong-key'),
    worldtrade('', 'nowhere'),
    cashier('', 'nowhere'),
  ];
}
