import { type KeyObject, randomUUID } from 'node:crypto';
import { verifySignature } from '../../worldfirst/signature.js';
import { jsonObjectOf } from './admission.js';
import { isObject } from './body-checks.js';
import { type Delivery, signed } from './delivery.js';
import { type FaultName, faultDelivery, type Phase } from './faults.js';
import { sendIncomplete } from './incomplete-request.js';
import { type Identity, signatureOf } from './signing.js';

/** A WorldTrade order was closed. */
export interface Closure {
  /** The `orderResultNotifyUrl`; its path is what is signed. */
  url: string;
  tradeId: string;
  /** Whether the order was closed with a refund. */
  isRefund: 'Y' | 'N';
  /** createTradeOrder's; made up when absent. A resend has the same one. */
  requestId?: string;
  /**
   * What happens to the notification (`before` it has its effect) or to its acknowledgement (`after`). A page of HTML is
   * the answer of a proxy before the receiver.
   */
  fault?: { fault: FaultName; phase: Phase };
}

/** What the receiver answered. */
export interface NotificationAnswer {
  status: number;
  body: string;
  /** 200 with SUCCESS, validly signed: WorldFirst would not send it again. */
  acknowledged: boolean;
}

/** The names and keys of both sides, as a notification needs them. */
interface NotificationParties extends Identity {
  /** Verifies the acknowledgement. */
  partnerPublicKey: KeyObject;
}

/** What a notification is sent with. */
export interface NotificationContext {
  parties: NotificationParties;
  /** Gives up when it is aborted. */
  stopping: AbortSignal;
  /** Passes the time that `slow` takes. */
  slow: () => Promise<void>;
}

/**
 * Sends one closure notification, once.
 * @throws when there is no answer within 30 seconds
 */
export async function sendNotification(
  { url, tradeId, isRefund, requestId = randomUUID(), fault: placed }: Closure,
  context: NotificationContext,
): Promise<NotificationAnswer> {
  const truth = signed({ requestId, tradeId, isRefund });
  const send = (delivery: Delivery) => post(url, truth, delivery, context);
  if (!placed) return send(truth);
  const { fault, phase } = placed;
  if (fault === 'duplicated') return Promise.all([send(truth), send(truth)]).then(([, second]) => second);
  if (fault === 'slow' && phase === 'before') await context.slow();
  if (phase === 'before') return send(faultDelivery(fault, { requestId, tradeId, isRefund }));
  const answer = await send(truth);
  if (fault === 'slow') return context.slow().then(() => answer);
  return instead(faultDelivery(fault, {}));
}

/** What arrives in place of an acknowledgement. */
function instead(delivery: Delivery): NotificationAnswer {
  if (delivery.kind !== 'answer') throw new Error('The acknowledgement was lost.');
  return { status: delivery.status, body: delivery.body, acknowledged: false };
}

async function post(
  url: string,
  truth: Delivery & { kind: 'answer' },
  delivery: Delivery,
  { parties, stopping, slow }: NotificationContext,
): Promise<NotificationAnswer> {
  const { pathname: path } = new URL(url);
  const { clientId } = parties;
  const message = delivery.kind === 'answer' ? delivery : truth;
  const { body, contentType } = message;
  if (!contentType.startsWith('application/json')) return instead(message);
  const { time, signature } = await signatureOf(message, path, parties);
  const headers = {
    'Content-Type': contentType,
    'Client-Id': clientId,
    'Request-Time': time,
    ...signature,
  };
  if (delivery.kind === 'drop')
    return sendIncomplete({ url, headers, body, bytes: 0, reset: delivery.reset ?? false });
  if (delivery.kind === 'silence') return sendIncomplete({ url, headers, body, bytes: 0, wait: slow });
  if (delivery.cut) return sendIncomplete({ url, headers, body, bytes: Math.floor(body.length / 2) });
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any([stopping, AbortSignal.timeout(30_000)]),
    body,
    headers,
  });
  return answerOf(response, path, parties.partnerPublicKey);
}

async function answerOf(
  response: Response,
  path: string,
  partnerPublicKey: KeyObject,
): Promise<NotificationAnswer> {
  const body = await response.text();
  const isSigned = verifySignature(
    {
      path,
      clientId: response.headers.get('client-id') ?? '',
      time: response.headers.get('response-time') ?? '',
      body,
    },
    response.headers.get('signature') ?? undefined,
    [partnerPublicKey],
  );
  const acknowledged = response.status === 200 && isSigned && saysSuccess(body);
  return { status: response.status, body, acknowledged };
}

function saysSuccess(body: string): boolean {
  const result = jsonObjectOf(body)?.result;
  return isObject(result) && result.resultStatus === 'S' && result.resultCode === 'SUCCESS';
}
