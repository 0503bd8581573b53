import { type KeyObject, randomUUID } from 'node:crypto';
import { verifySignature } from '../../worldfirst/signature.js';
import { isObject, jsonObjectOf } from './body-checks.js';
import { type Delivery, signed } from './delivery.js';
import { faultDelivery, type PlacedFault } from './faults.js';
import { sendIncomplete } from './incomplete-request.js';
import { type Identity, signatureOf } from './signing.js';

/** The closure of a WorldTrade order. */
export interface Closure {
  /** The `orderResultNotifyUrl`. Its path is part of what is signed. */
  url: string;
  tradeId: string;
  /** Whether the order was closed with a refund. */
  isRefund: 'Y' | 'N';
  /** The request id of createTradeOrder; random when absent. Resends keep it. */
  requestId?: string;
  /**
   * A fault of the notification (phase `before`) or of its acknowledgement (phase `after`). HTML faults stand for a proxy
   * in front of the receiver.
   */
  fault?: PlacedFault;
}

/** The receiver's answer. */
export interface NotificationAnswer {
  status: number;
  body: string;
  /** Whether the answer is 200, SUCCESS and signed. WorldFirst resends a notification that is not acknowledged. */
  acknowledged: boolean;
}

/** The client id and the keys of both sides. */
interface NotificationParties extends Identity {
  /** Verifies the acknowledgement. */
  partnerPublicKey: KeyObject;
}

/** What a notification needs from the sandbox. */
export interface NotificationContext {
  parties: NotificationParties;
  /** Aborts when the sandbox stops. */
  stopping: AbortSignal;
  /** Waits as long as the fault `slow` takes. */
  slow: () => Promise<void>;
}

/**
 * Sends one closure notification once.
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

/** What arrives instead of the acknowledgement. */
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
