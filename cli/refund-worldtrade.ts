import type { Command } from 'commander';
import { amountFrom } from './amount-flag.js';
import { defineCommand } from './command.js';
import { type FlagNames, type StartOptions, startRefund } from './start-refund.js';

interface Options extends StartOptions {
  requestId?: string;
  tradeId?: string;
  paymentOrderId?: string;
  amount?: string;
  remark?: string;
}

const FLAGS: FlagNames = {
  refundRequestId: '--request-id',
  tradeId: '--trade-id',
  paymentOrderId: '--payment-order-id',
  'refundAmount.currency': '--amount',
  'refundAmount.value': '--amount',
  remark: '--remark',
};

/** `refund worldtrade`: the refund of a whole WorldTrade order, from flags. */
export function worldtradeCommand(): Command {
  return defineCommand<Options>('worldtrade', {
    description: 'start the refund of a whole WorldTrade order',
    examples: ['refund worldtrade --request-id R-1001 --trade-id 202611221234567890 --wait'],
    run: (invocation) => {
      const { requestId, tradeId, paymentOrderId, amount, remark } = invocation.options;
      const { amount: refundAmount, issues } = amountFrom(amount);
      const request = {
        product: 'worldtrade',
        ...(requestId !== undefined && { refundRequestId: requestId }),
        ...(tradeId !== undefined && { tradeId }),
        ...(paymentOrderId !== undefined && { paymentOrderId }),
        ...(refundAmount && { refundAmount }),
        ...(remark !== undefined && { remark }),
      };
      return startRefund(invocation, request, { flags: FLAGS, issues });
    },
  })
    .option('--request-id <id>', 'your id of this refund (required)')
    .option('--trade-id <id>', "WorldFirst's id of the order (required)")
    .option('--payment-order-id <id>', 'the payment to refund; looked up when absent')
    .option('--amount <amount>', "the order's total, such as 'USD 12.34'; looked up when absent")
    .option('--remark <text>', 'a remark for WorldFirst');
}
