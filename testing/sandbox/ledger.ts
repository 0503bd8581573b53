import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Amount } from '../../rules/money.js';
import type { JsonObject, Product } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { EffectRecorder } from './call-handler.js';
import type { Rule } from './call-rules.js';
import type { Journal } from './journal.js';
import { planOf, scenarioOf } from './scenario-parser.js';
import type { Plan, Step } from './scenario-table.js';

/** The total of an order that nobody described. */
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
  /** The plan's single calls, used up as they happen. */
  rules: Rule[];
  /** Overtaken requests. Their effect is carried out after the next call. */
  deferred: { api: Operation; body: JsonObject; recorder: EffectRecorder }[];
  /** WorldTrade: the order's total. Cashier: the payment's amount. */
  total: Amount;
  /** A cashier payment that nobody described is as large as whatever is asked of it, in any currency. */
  unlimited: boolean;
  /** WorldTrade only. */
  paymentOrderIds: string[];
}

/** A refund that was taken, whatever its answer said. */
export interface Refund {
  id: string;
  account: Account;
  amount: Amount;
  /** The sandbox's id for it: refundId, or refundOrderId. */
  refundId: string;
  takenAt: Date;
  /** How many inquiries asked for it. */
  inquiries: number;
}

/**
 * What the sandbox knows: trades and payments (which come into being when they are first named), refunds, and which
 * content came under which request id.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #refunds = new Map<string, Refund>();
  readonly #refundsByRefundId = new Map<string, Refund>();
  readonly #contents = new Map<string, JsonObject>();
  readonly #accountsById = new Map<string, Account>();
  readonly #journal: Journal;
  readonly #onTaken: (account: Account) => void;
  #now = () => new Date();

  /** @param onTaken hears of each refund that is taken */
  constructor(journal: Journal, onTaken: (account: Account) => void) {
    this.#journal = journal;
    this.#onTaken = onTaken;
  }

  /** Does something as of another moment than now. */
  at(moment: Date, something: () => void): void {
    const now = this.#now;
    this.#now = () => moment;
    something();
    this.#now = now;
  }

  /** Describes a trade or payment from now on. Earlier refunds of it stay in the ledger. */
  addFixture(fixture: Fixture): void {
    const [product, reference, total] =
      'tradeId' in fixture
        ? (['worldtrade', fixture.tradeId, fixture.total] as const)
        : (['cashier', fixture.payToId, fixture.amount] as const);
    const plan =
      fixture.scenario === undefined ? planOf(reference, product) : scenarioOf(fixture.scenario, product);
    const given = open(product, reference, total ? { ...plan, total } : plan);
    if ('tradeId' in fixture && fixture.paymentOrderIds) given.paymentOrderIds = fixture.paymentOrderIds;
    Object.assign(this.account(product, reference), given);
  }

  /** The trade or payment of this id. */
  account(product: Product, reference: string): Account {
    const key = `${product} ${reference}`;
    const account = this.#accounts.get(key) ?? open(product, reference, planOf(reference, product));
    this.#accounts.set(key, account);
    return account;
  }

  /** Assigns a request id to an account, even if the refund is refused, so that rules for its inquiries are found. */
  assign(id: string, account: Account): void {
    this.#accountsById.set(id, account);
  }

  /** The account of a request id or refund id. */
  accountOf(id: string): Account | undefined {
    return this.#accountsById.get(id) ?? this.refund(id)?.account;
  }

  /** Whether another content came under this request id before. The order of the fields is no difference. */
  contradicts(id: string, content: JsonObject): boolean {
    const known = this.#contents.get(id);
    return known !== undefined && !isDeepStrictEqual(known, content);
  }

  /** Notes the content of a request id that WorldFirst has read, even when it then refuses the refund. */
  read(id: string, content: JsonObject): void {
    if (!this.#contents.has(id)) this.#contents.set(id, content);
  }

  /** The refund of this request id or refund id, if it was taken. */
  refund(id: string): Refund | undefined {
    return this.#refunds.get(id) ?? this.#refundsByRefundId.get(id);
  }

  /** What is left of a payment; undefined when it has no limit. */
  rest(account: Account): Amount | undefined {
    if (account.unlimited) return undefined;
    const returned = this.#journal.movements.filter(
      ({ product, reference }) => product === account.product && reference === account.reference,
    );
    const value = returned.reduce((rest, { amount }) => rest - amount.value, account.total.value);
    return { currency: account.total.currency, value };
  }

  /**
   * Takes a refund: once for each request id, and its money moves at that moment, so that a second refund is seen at once.
   * A second id for a trade that was refunded already is taken too: a guard here would hide that the client has none.
   */
  take(id: string, account: Account, amount: Amount): Refund {
    const known = this.#refunds.get(id);
    if (known) return known;
    const { product, reference, plan } = account;
    const refund = { ...this.preview(id), id, account, amount, inquiries: 0 };
    this.#refunds.set(id, refund);
    this.#refundsByRefundId.set(refund.refundId, refund);
    const at = refund.takenAt.toISOString();
    if (plan.moves) this.#journal.addMovement({ at, id, product, reference, amount });
    this.#onTaken(account);
    return refund;
  }

  /** The id and time that a refund would get if it were accepted now. */
  preview(id: string): Pick<Refund, 'refundId' | 'takenAt'> {
    return { refundId: numberFrom(`refund ${id}`), takenAt: this.#now() };
  }
}

/** 28 digits, as WorldFirst's ids are, that follow from a text. */
export function numberFrom(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return BigInt(`0x${digest}`).toString().padStart(28, '0').slice(0, 28);
}

function open(product: Product, reference: string, plan: Plan): Account {
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
      numberFrom(`payment ${index} ${reference}`),
    ),
  };
}

function operationOfStep(step: Step, product: Product): Operation {
  if (step === 'query') return 'queryTradeOrder';
  if (step === 'inquire') return 'inquireRefund';
  return product === 'worldtrade' ? 'applyRefund' : 'refund';
}
