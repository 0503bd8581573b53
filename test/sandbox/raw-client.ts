import { readFileSync } from 'node:fs';
import type { Sandbox } from '../../testing/sandbox/index.js';
import { privateKeyFrom, publicKeysFrom } from '../../worldfirst/keys.js';
import { signatureHeader, verifySignature } from '../../worldfirst/signature.js';

/** The answer to a raw call. */
export interface Answer {
  status: number;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any field.
  json: any;
  /** Whether the sandbox's own key signed it. */
  isSigned: boolean;
  /** The time in its header. */
  time: string;
  /** The result as `S SUCCESS` or `F PARAM_ILLEGAL`. */
  result: string;
}

/** The parts of a call that a test changes. */
export interface Changes {
  method?: string;
  clientId?: string;
  privateKey?: string;
  /** The body that is signed instead of the body that is sent. */
  signedBody?: string;
  signal?: AbortSignal;
}

/** A client of signed raw requests, without the checks of our own client. */
export function clientOf({ env }: Pick<Sandbox, 'env'>) {
  const { WORLDFIRST_BASE_URL: base, WORLDFIRST_PATH_PREFIX: prefix } = env;
  const publicKeys = publicKeysFrom(keyOf(env, 'WORLDFIRST_PUBLIC_KEY'));

  async function post(name: string, body: string, changes: Changes = {}): Promise<Answer> {
    const path = `${prefix}/${name}`;
    const { method = 'POST', clientId = env.WORLDFIRST_CLIENT_ID ?? '', signedBody = body, signal } = changes;
    const key = {
      privateKey: privateKeyFrom(changes.privateKey ?? keyOf(env, 'WORLDFIRST_PRIVATE_KEY')),
      keyVersion: '2',
    };
    const time = '2026-11-22T12:08:56+08:00';
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json; charset=UTF-8',
        'Client-Id': clientId,
        'Request-Time': time,
        Signature: signatureHeader({ path, clientId, time, body: signedBody }, key),
      },
      ...(method === 'POST' && { body }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    const signed = {
      path,
      clientId: response.headers.get('client-id') ?? '',
      time: response.headers.get('response-time') ?? '',
      body: text,
    };
    const json = parsed(text);
    return {
      status: response.status,
      text,
      json,
      time: signed.time,
      isSigned: verifySignature(signed, response.headers.get('signature') ?? undefined, publicKeys),
      result: `${json?.result?.resultStatus} ${json?.result?.resultCode}`,
    };
  }

  const send = (name: string, body: object, changes?: Changes) => post(name, JSON.stringify(body), changes);
  const query = (tradeId: string) => send('worldtrade/queryTradeOrder', { tradeId });

  return {
    post,
    send,
    query,
    /** The body that our client would send: the total and the first payment of the order. */
    async applyBody(tradeId: string, requestId = `r-${tradeId}`) {
      const { json } = await query(tradeId);
      const { currency, value } = json.orderBasicInfo.totalAmount;
      const [payment] = json.paymentResultList;
      return {
        requestId,
        tradeId,
        paymentOrderId: payment.paymentOrderId as string,
        refundAmount: { currency, value: Number(value) },
      };
    },
    apply: (body: object, changes?: Changes) => send('worldtrade/applyRefund', body, changes),
    refund: (body: object, changes?: Changes) => send('refund', body, changes),
    inquire: (id: string, changes?: Changes) => send('inquireRefund', { refundRequestIds: [id] }, changes),
  };
}

/** A refund of a cashier payment. */
export function refundBody(payToId: string, value = 1234, refundRequestId = `r-${payToId}`) {
  const details = [
    {
      refundMethod: { paymentMethodType: 'WALLET_WF' },
      refundToAmount: { currency: 'USD', value },
      refundAmount: { currency: 'USD', value },
    },
  ];
  return {
    refundRequestId,
    payToId,
    refundToDetails: details,
    refundDetails: details,
    refundReason: 'goods returned',
    refundRequestTime: '2026-11-22T12:00:00+08:00',
  };
}

/** A key from the environment, or from the file that the environment names. */
export function keyOf(env: Sandbox['env'], name: string): string {
  return env[name] ?? readFileSync(env[`${name}_FILE`] ?? '', 'utf8');
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
