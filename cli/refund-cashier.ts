import type { Command } from 'commander';
import { amountFrom } from './amount-flag.js';
import { defineCommand } from './command.js';
import { type FlagNames, type StartOptions, startRefund } from './start-refund.js';

interface Options extends StartOptions {
  requestId?: string;
  payToId?: string;
  amount?: string;
  reason?: string;
  paymentMethod?: string;
  requestTime?: string;
}

const DETAIL = 'refundToDetails[0]';
const FLAGS: FlagNames = {
  refundRequestId: '--request-id',
  payToId: '--pay-to-id',
  refundToDetails: '--amount',
  [`${DETAIL}.refundAmount.value`]: '--amount',
  [`${DETAIL}.refundToAmount.value`]: '--amount',
  [`${DETAIL}.refundMethod.paymentMethodType`]: '--payment-method',
  refundReason: '--reason',
  refundRequestTime: '--request-time',
};

/** `refund cashier`: the refund of a cashier payment, from flags. */
export function cashierCommand(): Command {
  return defineCommand<Options>('cashier', {
    description: 'start the refund of a cashier payment',
    examples: [
      "refund cashier --request-id R-1002 --pay-to-id 2026112212345 --amount 'USD 12.34' --reason 'goods returned'",
    ],
    run: (invocation) => {
      const { requestId, payToId, amount: given, reason, requestTime } = invocation.options;
      const { paymentMethod: paymentMethodType = 'WALLET_WF' } = invocation.options;
      const { amount, issues } = amountFrom(given);
      const detail = { refundMethod: { paymentMethodType }, refundToAmount: amount, refundAmount: amount };
      const request = {
        product: 'cashier',
        ...(requestId !== undefined && { refundRequestId: requestId }),
        ...(payToId !== undefined && { payToId }),
        ...(amount && { refundToDetails: [detail] }),
        ...(reason !== undefined && { refundReason: reason }),
        ...(requestTime !== undefined && { refundRequestTime: requestTime }),
      };
      return startRefund(invocation, request, { flags: FLAGS, issues });
    },
  })
    .option('--request-id <id>', 'your id of this refund (required)')
    .option('--pay-to-id <id>', "WorldFirst's id of the payment (required)")
    .option('--amount <amount>', "how much, such as 'USD 12.34' (required)")
    .option('--reason <text>', 'why, for WorldFirst (required)')
    .option('--payment-method <type>', 'how the payer was paid: WALLET_WF when absent')
    .option('--request-time <time>', 'ISO 8601 with an offset; the time of the start when absent');
}
