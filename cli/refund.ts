import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import type { ValidationIssue } from '../internal/check.js';
import { JsonMistake, parseJson } from '../internal/json-text.js';
import { EncodingMistake, utf8Text } from '../internal/utf8.js';
import { type Amount, parseAmount } from '../rules/money.js';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { notReadable } from './file-error.js';
import { type FlagNames, type StartOptions, startRefund } from './start-refund.js';

/** `refund`: starts the refund that a JSON file describes, or that the flags of its subcommands describe. */
export function refundCommand(): Command {
  const command = defineCommand<StartOptions>('refund [FILE]', {
    description:
      'start the refund in a JSON file ("-" reads stdin); repeating it with the same request id is harmless',
    examples: ['refund refund.json --wait'],
    run: async (invocation) => {
      const [file] = invocation.args;
      if (file === undefined)
        throw new CliError(
          'USAGE',
          'give a JSON file, or "-" for stdin, or use `refund worldtrade` or `refund cashier`',
        );
      return startRefund(invocation, requestFrom(file, await contentOf(file)));
    },
  });
  return withStartFlags(command)
    .enablePositionalOptions()
    .addCommand(withStartFlags(worldtradeCommand()))
    .addCommand(withStartFlags(cashierCommand()));
}

function withStartFlags(command: Command): Command {
  return command
    .option('--wait', 'wait until the refund ends or needs an operator')
    .option('--already-sent', 'use it if another system may have sent this refund: inquire before sending')
    .option('--allow-another', 'start although the order has another refund: may pay the customer twice')
    .option(
      '--inquire-after <intervals>',
      'the wait before each inquiry while the result is unknown, such as 5m,10m,20m',
    )
    .option('--settle-after <intervals>', 'the wait before each settlement inquiry, such as 0s,5m,24h');
}

function requestFrom(file: string, content: Buffer): unknown {
  const refused = (what: string) =>
    new CliError('INVALID_REQUEST', `${nameOf(file)} ${what}. Nothing was started.`);
  try {
    return parseJson(utf8Text(content));
  } catch (error) {
    if (error instanceof EncodingMistake) throw refused(error.message);
    if (error instanceof JsonMistake) throw refused(`is not valid JSON: ${error.message}`);
    throw error;
  }
}

// A request has one megabyte at most, and there may be blanks in it.
const MOST_MEGABYTES = 64;

async function contentOf(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      bytes += chunk.length;
      if (bytes <= MOST_MEGABYTES * 1_000_000) chunks.push(chunk);
    }
  } catch (error) {
    throw notReadable(nameOf(file), error, 'Nothing was started.');
  }
  if (bytes <= MOST_MEGABYTES * 1_000_000) return Buffer.concat(chunks);
  const size = Math.ceil(bytes / 10_000) / 100;
  throw new CliError(
    'INVALID_REQUEST',
    `the request in ${nameOf(file)} has ${size} MB; the limit is ${MOST_MEGABYTES} MB. Nothing was started.`,
  );
}

function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}

interface WorldtradeFlags extends StartOptions {
  requestId?: string;
  tradeId?: string;
  paymentOrderId?: string;
  amount?: string;
  remark?: string;
}

const WORLDTRADE_FLAGS: FlagNames = {
  refundRequestId: '--request-id',
  tradeId: '--trade-id',
  paymentOrderId: '--payment-order-id',
  'refundAmount.currency': '--amount',
  'refundAmount.value': '--amount',
  remark: '--remark',
};

/** `refund worldtrade`: the refund of a whole WorldTrade order, from flags. */
function worldtradeCommand(): Command {
  return defineCommand<WorldtradeFlags>('worldtrade', {
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
      return startRefund(invocation, request, { flags: WORLDTRADE_FLAGS, issues });
    },
  })
    .option('--request-id <id>', 'your id of this refund; keep it for every repeat (required)')
    .option('--trade-id <id>', "WorldFirst's id of the order (required)")
    .option('--payment-order-id <id>', 'the payment to refund; required if the order has several')
    .option('--amount <amount>', "must be the order's total, such as 'USD 12.34'; default: that total")
    .option('--remark <text>', 'a remark for WorldFirst');
}

interface CashierFlags extends StartOptions {
  requestId?: string;
  payToId?: string;
  amount?: string;
  reason?: string;
  paymentMethod?: string;
  requestTime?: string;
}

const DETAIL = 'refundToDetails[0]';
const CASHIER_FLAGS: FlagNames = {
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
function cashierCommand(): Command {
  return defineCommand<CashierFlags>('cashier', {
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
      return startRefund(invocation, request, { flags: CASHIER_FLAGS, issues });
    },
  })
    .option('--request-id <id>', 'your id of this refund; keep it for every repeat (required)')
    .option('--pay-to-id <id>', "WorldFirst's id of the payment (required)")
    .option('--amount <amount>', "how much, such as 'USD 12.34' (required)")
    .option('--reason <text>', 'the reason, as WorldFirst gets it (required)')
    .option('--payment-method <type>', 'the refund method; default: WALLET_WF')
    .option('--request-time <time>', 'ISO 8601 with an offset; default: the start of the refund');
}

/** The amount of `--amount`, or the mistake in it. */
function amountFrom(flag: string | undefined): { amount?: Amount; issues: ValidationIssue[] } {
  if (flag === undefined) return { issues: [] };
  const amount = parseAmount(flag);
  return typeof amount === 'string'
    ? { issues: [{ path: '--amount', message: amount }] }
    : { amount, issues: [] };
}
