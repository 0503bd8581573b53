import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { type ApplyRefundBody, type CashierRefundBody, inChinaTime } from '../../rules/bodies.js';
import { WorldFirstClient, type WorldFirstClientOptions } from '../../worldfirst/index.js';
import { signatureHeader } from '../../worldfirst/signature.js';

export const partner = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const worldfirst = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const CLIENT_ID = 'TEST_CLIENT_1';
export const PREFIX = '/amsin/api/v1/business';

export const applyBody: ApplyRefundBody = {
  requestId: 'R-1',
  tradeId: 'T-1',
  paymentOrderId: 'P-1',
  refundAmount: { currency: 'USD', value: 1234 },
  remark: '退货 – zu groß',
};

const detail = {
  refundMethod: { paymentMethodType: 'WALLET_WF' },
  refundToAmount: { currency: 'USD', value: 1234 },
  refundAmount: { currency: 'USD', value: 1234 },
};

export const cashierBody: CashierRefundBody = {
  refundRequestId: 'R-1',
  payToId: 'PAY-1',
  refundToDetails: [detail],
  refundDetails: [detail],
  refundReason: 'returned',
  refundRequestTime: '2026-08-30T02:02:39+08:00',
};

export function client(baseUrl: string, options: Partial<WorldFirstClientOptions> = {}): WorldFirstClient {
  const made = new WorldFirstClient({
    baseUrl,
    clientId: CLIENT_ID,
    privateKey: partner.privateKey,
    publicKeys: worldfirst.publicKey,
    timeout: 5_000,
    ...options,
  });
  onTestFinished(() => made.close());
  return made;
}

/** Headers of an answer that WorldFirst signed; each part can be another one. */
export function signed(
  path: string,
  body: string,
  { key = worldfirst.privateKey, clientId = CLIENT_ID, time = inChinaTime(new Date()) } = {},
): Record<string, string> {
  const Signature = signatureHeader({ path, clientId, time, body }, { privateKey: key, keyVersion: '2' });
  return { 'Content-Type': 'application/json', 'Client-Id': clientId, 'Response-Time': time, Signature };
}

/** The text of an answer. */
export function answerText(resultStatus: string, resultCode: string, more: object = {}): string {
  return JSON.stringify({
    ...more,
    result: { resultStatus, resultCode, resultMessage: `about ${resultCode}` },
  });
}

/** A server that gives the same signed answer to every call. */
export function signing(text: string): RequestListener {
  return (request, response) => {
    request.resume().on('end', () => response.writeHead(200, signed(request.url ?? '', text)).end(text));
  };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
