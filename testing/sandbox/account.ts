import type { Amount } from '../../rules/money.js';
import type { JsonObject, Product } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { Rule } from './call-rules.js';
import type { EffectRecorder } from './effects.js';
import { numericId } from './numeric-id.js';
import type { Plan, Step } from './plan.js';

const DEFAULT_TOTAL: Amount = { currency: 'USD', value: 100_00 };

/** A trade order or a cashier payment as a test describes it. Fields that are left out follow from the words of the id. */
export type Fixture =
  | { tradeId: string; total?: Amount; paymentOrderIds?: string[]; scenario?: string }
  | { payToId: string; amount?: Amount; scenario?: string };

/** A trade or a payment, with what will happen to it. */
export interface Account {
  product: Product;
  /** The tradeId or payToId. */
  reference: string;
  plan: Plan;
  /** The plan's rules for single calls. Each call uses one up. */
  rules: Rule[];
  /** Overtaken requests. Their effect is carried out after the next call. */
  deferred: { api: Operation; body: JsonObject; recorder: EffectRecorder }[];
  /** WorldTrade: the order's total. Cashier: the payment's amount. */
  total: Amount;
  /** A cashier payment without a described amount accepts a refund of any amount in any currency. */
  unlimited: boolean;
  /** WorldTrade only. */
  paymentOrderIds: string[];
}

/** An accepted refund, even if its answer said something else. */
export interface Refund {
  id: string;
  account: Account;
  amount: Amount;
  /** The sandbox's id of the refund: refundId, or refundOrderId. */
  refundId: string;
  acceptedAt: Date;
  /** How many inquiries named this refund. */
  inquiries: number;
}

/** A new account that follows a plan. */
export function openAccount(product: Product, reference: string, plan: Plan): Account {
  const payments = product === 'worldtrade' ? plan.payments : 0;
  return {
    product,
    reference,
    plan,
    rules: plan.placed.map(({ step, behaviour, times }) => ({
      api: operationOfStep(step, product),
      left: times,
      behaviour,
    })),
    deferred: [],
    total: plan.total ?? DEFAULT_TOTAL,
    unlimited: product === 'cashier' && plan.total === undefined,
    paymentOrderIds: Array.from({ length: payments }, (_, index) =>
      numericId(`payment ${index} ${reference}`),
    ),
  };
}

function operationOfStep(step: Step, product: Product): Operation {
  if (step === 'query') return 'queryTradeOrder';
  if (step === 'inquire') return 'inquireRefund';
  return product === 'worldtrade' ? 'applyRefund' : 'refund';
}
