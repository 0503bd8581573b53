import { isDeepStrictEqual } from 'node:util';
import type { Amount } from '../../rules/money.js';
import type { JsonObject, Product } from '../../rules/request.js';
import { type Account, type Fixture, openAccount, type Refund } from './account.js';
import type { Journal } from './journal.js';
import { numericId } from './numeric-id.js';
import { planOf, scenarioOf } from './scenario-parser.js';

/**
 * The state of the sandbox: trades and payments (created when a call first names them), refunds, and the content of every
 * request id.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #refunds = new Map<string, Refund>();
  readonly #refundsByRefundId = new Map<string, Refund>();
  readonly #contents = new Map<string, JsonObject>();
  readonly #accountsById = new Map<string, Account>();
  readonly #journal: Journal;
  readonly #onAccepted: (account: Account) => void;

  /** @param onAccepted is called for each accepted refund */
  constructor(journal: Journal, onAccepted: (account: Account) => void) {
    this.#journal = journal;
    this.#onAccepted = onAccepted;
  }

  /** Describes a trade or payment from now on. Earlier refunds of it stay in the ledger. */
  addFixture(fixture: Fixture): void {
    const [product, reference, total] =
      'tradeId' in fixture
        ? (['worldtrade', fixture.tradeId, fixture.total] as const)
        : (['cashier', fixture.payToId, fixture.amount] as const);
    const plan =
      fixture.scenario === undefined ? planOf(reference, product) : scenarioOf(fixture.scenario, product);
    const described = openAccount(product, reference, total ? { ...plan, total } : plan);
    if ('tradeId' in fixture && fixture.paymentOrderIds) described.paymentOrderIds = fixture.paymentOrderIds;
    Object.assign(this.account(product, reference), described);
  }

  /** The trade or payment of this id. */
  account(product: Product, reference: string): Account {
    const key = `${product} ${reference}`;
    const account = this.#accounts.get(key) ?? openAccount(product, reference, planOf(reference, product));
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

  /** Whether this request id came with another content before. The order of the fields makes no difference. */
  contradicts(id: string, content: JsonObject): boolean {
    const known = this.#contents.get(id);
    return known !== undefined && !isDeepStrictEqual(known, content);
  }

  /** Binds a content to its request id, even if the refund is refused afterwards. */
  read(id: string, content: JsonObject): void {
    if (!this.#contents.has(id)) this.#contents.set(id, content);
  }

  /** The accepted refund of this request id or refund id. */
  refund(id: string): Refund | undefined {
    return this.#refunds.get(id) ?? this.#refundsByRefundId.get(id);
  }

  /** The part of a payment that is not refunded yet; undefined when the payment has no limit. */
  rest(account: Account): Amount | undefined {
    if (account.unlimited) return undefined;
    const returned = this.#journal.movements.filter(
      ({ product, reference }) => product === account.product && reference === account.reference,
    );
    const value = returned.reduce((rest, { amount }) => rest - amount.value, account.total.value);
    return { currency: account.total.currency, value };
  }

  /**
   * Accepts a refund once for each request id. Its money moves at that moment, so a second refund is visible at once.
   * A second request id for a refunded trade is accepted too: a guard here would hide a client that refunds twice.
   */
  accept(id: string, account: Account, amount: Amount, acceptedAt: Date): Refund {
    const known = this.#refunds.get(id);
    if (known) return known;
    const { product, reference, plan } = account;
    const refund = { ...this.preview(id, acceptedAt), id, account, amount, inquiries: 0 };
    this.#refunds.set(id, refund);
    this.#refundsByRefundId.set(refund.refundId, refund);
    const at = acceptedAt.toISOString();
    if (plan.moves) this.#journal.addMovement({ at, id, product, reference, amount });
    this.#onAccepted(account);
    return refund;
  }

  /** The id and time that a refund would get if it were accepted at this time. */
  preview(id: string, acceptedAt: Date): Pick<Refund, 'refundId' | 'acceptedAt'> {
    return { refundId: numericId(`refund ${id}`), acceptedAt };
  }
}
