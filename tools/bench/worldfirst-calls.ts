import { type Amount, type ApplyRefundBody, WorldFirstClient } from 'worldfirst-refunds/worldfirst';

/** WorldFirst refused, so the same call would be refused again. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** WorldFirst's result code. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** The order of a refund, as far as the refund needs it. */
export interface Order {
  paymentOrderId: string;
  refundAmount: Amount;
}

/** The three calls of a refund. */
export type WorldFirstCalls = ReturnType<typeof createWorldFirstCalls>;

/** A client of WorldFirst that the variables connect. It loads nothing of Temporal, which peers do without. */
export function worldFirstClientOf(env: Record<string, string>): WorldFirstClient {
  const { WORLDFIRST_BASE_URL = '', WORLDFIRST_PATH_PREFIX, WORLDFIRST_CLIENT_ID = '' } = env;
  return new WorldFirstClient({
    baseUrl: WORLDFIRST_BASE_URL,
    ...(WORLDFIRST_PATH_PREFIX !== undefined && { pathPrefix: WORLDFIRST_PATH_PREFIX }),
    clientId: WORLDFIRST_CLIENT_ID,
    privateKey: env.WORLDFIRST_PRIVATE_KEY ?? '',
    publicKeys: env.WORLDFIRST_PUBLIC_KEY ?? '',
    ...(env.WORLDFIRST_KEY_VERSION !== undefined && { keyVersion: env.WORLDFIRST_KEY_VERSION }),
  });
}

/** Makes the three calls of a refund: WorldFirst's answer in a word, {@link RefusedError}, or an error that a retry may mend. */
export function createWorldFirstCalls(worldfirst: WorldFirstClient) {
  return {
    async queryTradeOrder(tradeId: string): Promise<Order> {
      const answer = await worldfirst.queryTradeOrder({ tradeId });
      if (answer.kind === 'failure') throw new RefusedError(answer.message, answer.code);
      if (answer.kind !== 'success') throw new Error(`no order: ${answer.kind}`);
      const { orderBasicInfo, paymentResultList } = answer.body;
      const { currency, value } = orderBasicInfo.totalAmount;
      const [payment] = paymentResultList;
      if (!payment) throw new RefusedError('the order has not been paid', 'NotPaid');
      return { paymentOrderId: payment.paymentOrderId, refundAmount: { currency, value } };
    },

    async applyRefund(body: ApplyRefundBody): Promise<'accepted' | 'unknown'> {
      const answer = await worldfirst.applyRefund(body);
      if (answer.kind === 'failure') throw new RefusedError(answer.message, answer.code);
      if (answer.kind === 'notSent') throw new Error(answer.reason);
      return answer.kind === 'success' ? 'accepted' : 'unknown';
    },

    async inquireRefund(refundRequestId: string): Promise<string> {
      const answer = await worldfirst.inquireRefund({ refundRequestIds: [refundRequestId] });
      if (answer.kind === 'notSent') throw new Error(answer.reason);
      if (answer.kind !== 'success') return 'unknown';
      return answer.body.refundInformation?.[0]?.refundStatus ?? 'unknown';
    },
  };
}
