import type { RefundRequest } from '../../src/index.js';
import { FAULTS } from '../../src/sandbox/faults.js';
import { cashierBody } from '../worldfirst/fixtures.js';

/** A refund, and which of the workers meets it. */
export interface Failing {
  request: RefundRequest;
  worker: 'right' | 'wrong-key' | 'nowhere';
}

const CODES = ['INVALID_SIGNATURE', 'KEY_NOT_FOUND', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION'];

/** A refund for every way in which something can fail. */
export function everyFailure(): Failing[] {
  let count = 0;
  const idsWith = (words: string) => {
    count += 1;
    // With all the words there is hardly room for more.
    return { refundRequestId: `secrets-${process.pid}-${count}`, reference: `s${count}-${words}` };
  };
  const worldtrade = (words: string, worker: Failing['worker'] = 'right'): Failing => {
    const { refundRequestId, reference: tradeId } = idsWith(words);
    return { request: { product: 'worldtrade', refundRequestId, tradeId }, worker };
  };
  const cashier = (words: string, worker: Failing['worker'] = 'right'): Failing => {
    const { refundRequestId, reference: payToId } = idsWith(words);
    const { refundToDetails, refundReason } = cashierBody;
    return {
      request: { product: 'cashier', refundRequestId, payToId, refundToDetails, refundReason },
      worker,
    };
  };
  return [
    ...FAULTS.flatMap(({ word }) => [
      worldtrade(`query-${word}-${word}-after-inquire-${word}`),
      cashier(`${word}-after-inquire-${word}`),
    ]),
    ...CODES.map((code) => cashier(`refused-${code}`)),
    worldtrade('phases'),
    worldtrade('plain', 'wrong-key'),
    cashier('plain', 'wrong-key'),
    worldtrade('plain', 'nowhere'),
    cashier('plain', 'nowhere'),
  ];
}
