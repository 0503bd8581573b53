import { type KeyObject, randomUUID } from 'node:crypto';
import { signatureHeader, verifySignature } from '../worldfirst/signature.js';
import { chinaTime } from './answers.js';
import { isObject } from './checks.js';
import { jsonObjectOf } from './gateway.js';

/** A WorldTrade order was closed. */
export interface Closure {
  /** The `orderResultNotifyUrl`; its path is what is signed. */
  url: string;
  tradeId: string;
  /** Whether the order was closed with a refund. */
  isRefund: 'Y' | 'N';
  /** createTradeOrder's; made up when absent. A resend has the same one. */
  requestId?: string;
}

/** What the receiver answered. */
export interface NotificationAnswer {
  status: number;
  body: string;
  /** 200 with SUCCESS, validly signed: WorldFirst would not send it again. */
  acknowledged: boolean;
}

/** The names and keys of both sides, as a notification needs them. */
export interface NotificationParties {
  clientId: string;
  keyVersion: string;
  /** Signs the notification. */
  privateKey: KeyObject;
  /** Verifies the acknowledgement. */
  partnerPublicKey: KeyObject;
}

/**
 * Sends one closure notification, once.
 * @param stopping gives up when it is aborted
 * @throws when there is no answer within 30 seconds
 */
export async function sendClosure(
  { url, tradeId, isRefund, requestId = randomUUID() }: Closure,
  { clientId, keyVersion, privateKey, partnerPublicKey }: NotificationParties,
  stopping: AbortSignal,
): Promise<NotificationAnswer> {
  const { pathname: path } = new URL(url);
  const time = chinaTime(new Date());
  const body = JSON.stringify({ requestId, tradeId, isRefund });
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any([stopping, AbortSignal.timeout(30_000)]),
    body,
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Request-Time': time,
      Signature: signatureHeader({ path, clientId, time, body }, { privateKey, keyVersion }),
    },
  });
  const answer = await response.text();
  const isSigned = verifySignature(
    {
      path,
      clientId: response.headers.get('client-id') ?? '',
      time: response.headers.get('response-time') ?? '',
      body: answer,
    },
    response.headers.get('signature') ?? undefined,
    [partnerPublicKey],
  );
  const acknowledged = response.status === 200 && isSigned && saysSuccess(answer);
  return { status: response.status, body: answer, acknowledged };
}

function saysSuccess(body: string): boolean {
  const result = jsonObjectOf(body)?.result;
  return isObject(result) && result.resultStatus === 'S' && result.resultCode === 'SUCCESS';
}
