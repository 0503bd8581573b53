import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import {
  type ApplyRefundBody,
  type CashierRefundBody,
  type InquireRefundBody,
  inChinaTime,
  type QueryTradeOrderBody,
} from '../rules/bodies.js';
import { type ApiAnswer, classifyResponse } from './classify-response.js';
import type { Connection } from './connections.js';
import { InvalidInputError } from './errors.js';
import { inHttpSpan } from './http-span.js';
import { clientOptions, type WorldFirstClientOptions } from './options.js';
import { proxyFor } from './proxy.js';
import * as schemas from './schemas.js';
import { type SignedMessage, signatureHeader, TIME, verifySignature } from './signature.js';
import { Transport } from './transport.js';

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call at once. What was sent until then is unknown, unless no connection had been made. */
  signal?: AbortSignal;
}

/** An operation as the API has it: where it is, and what it answers. */
interface Endpoint<Body> {
  name: string;
  /** A call that moves money has a connection of its own. */
  connection: Connection;
  answer: z.ZodType<Body>;
}

/**
 * WorldFirst's refund APIs, signed and verified. Every call is made once: there are no retries in here, for only the
 * caller knows what a repetition would mean.
 *
 * A call resolves to an {@link ApiAnswer} for every fault of the network or of WorldFirst. The body is sent as it is given: its
 * type says what WorldFirst takes, and WorldFirst refuses what it does not take.
 *
 * @example
 * const worldfirst = new WorldFirstClient({
 *   baseUrl: 'https://open-sea.worldfirst.com',
 *   clientId: '5J…',
 *   privateKey: await readFile('partner-private.pem', 'utf8'),
 *   publicKeys: await readFile('worldfirst-public.pem', 'utf8'),
 * });
 * const answer = await worldfirst.inquireRefund({ refundRequestIds: ['R-1'] });
 * if (answer.kind === 'success') console.log(answer.body.refundInformation);
 */
export class WorldFirstClient {
  readonly #baseUrl: URL;
  readonly #pathPrefix: string;
  readonly #clientId: string;
  readonly #key: { privateKey: KeyObject; keyVersion: string };
  readonly #publicKeys: readonly KeyObject[];
  readonly #maxClockSkew: number;
  readonly #transport: Transport;

  /** @throws InvalidInputError that names every mistake of the options, and repeats no key */
  constructor(options: WorldFirstClientOptions) {
    const checked = clientOptions.safeParse(options);
    if (!checked.success) throw new InvalidInputError('WorldFirstClient', checked.error);
    const { baseUrl, pathPrefix, clientId, privateKey, publicKeys, keyVersion, timeout, maxClockSkew } =
      checked.data;
    this.#baseUrl = baseUrl;
    this.#pathPrefix = pathPrefix;
    this.#clientId = clientId;
    this.#key = { privateKey, keyVersion };
    this.#publicKeys = publicKeys;
    this.#maxClockSkew = maxClockSkew;
    this.#transport = new Transport({ timeout, proxy: proxyFor(baseUrl) });
  }

  /** WorldTrade: the order, with the total that a refund must have and the payments that it can refund. */
  queryTradeOrder(body: QueryTradeOrderBody, options?: CallOptions) {
    return this.#call(QUERY_TRADE_ORDER, body, options);
  }

  /** WorldTrade: asks for the refund of a whole order. `requestId` is the idempotency field. */
  applyRefund(body: ApplyRefundBody, options?: CallOptions) {
    return this.#call(APPLY_REFUND, body, options);
  }

  /** Cashier: asks for a refund. `refundRequestId` is the idempotency field; a repetition must be identical in every field. */
  refund(body: CashierRefundBody, options?: CallOptions) {
    return this.#call(REFUND, body, options);
  }

  /** Cashier: what became of refunds, by our ids or by WorldFirst's. Success says only that the inquiry worked. */
  inquireRefund(body: InquireRefundBody, options?: CallOptions) {
    return this.#call(INQUIRE_REFUND, body, options);
  }

  /**
   * Whether WorldFirst signed a message to this client, such as a closure notification.
   * @param message the parts of the message, as they arrived
   */
  isSignedByWorldFirst({ clientId, requestTime, signature, ...message }: SignedMessage): boolean {
    return (
      clientId === this.#clientId &&
      TIME.test(requestTime) &&
      verifySignature({ ...message, clientId, time: requestTime }, signature, this.#publicKeys)
    );
  }

  /** Closes the kept connections. Call it when the client is not needed any more. */
  close(): void {
    this.#transport.close();
  }

  async #call<Body>(
    { name, connection, answer }: Endpoint<Body>,
    input: object,
    { signal }: CallOptions = {},
  ): Promise<ApiAnswer<Body>> {
    const url = new URL(`${this.#pathPrefix}/${name}`, this.#baseUrl);
    const [path, clientId] = [url.pathname, this.#clientId];
    const time = inChinaTime(new Date());
    // Serialised once: the text that is signed is the text that is sent, in the caller's order.
    const body = JSON.stringify(input);
    const headers = {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Request-Time': time,
      Signature: signatureHeader({ path, clientId, time, body }, this.#key),
    };
    const from = { publicKeys: this.#publicKeys, maxClockSkew: this.#maxClockSkew };
    return inHttpSpan(url, async () => {
      const reply = await this.#transport.post(url, { headers, body, connection, ...(signal && { signal }) });
      return { reply, answer: classifyResponse(reply, { path, clientId, ...from }, answer) };
    });
  }
}

const QUERY_TRADE_ORDER: Endpoint<schemas.QueryTradeOrderAnswer> = {
  name: 'worldtrade/queryTradeOrder',
  connection: 'kept',
  answer: schemas.queryTradeOrderAnswer,
};
const APPLY_REFUND: Endpoint<schemas.ApplyRefundAnswer> = {
  name: 'worldtrade/applyRefund',
  connection: 'own',
  answer: schemas.applyRefundAnswer,
};
const REFUND: Endpoint<schemas.RefundAnswer> = {
  name: 'refund',
  connection: 'own',
  answer: schemas.refundAnswer,
};
const INQUIRE_REFUND: Endpoint<schemas.InquireRefundAnswer> = {
  name: 'inquireRefund',
  connection: 'kept',
  answer: schemas.inquireRefundAnswer,
};
