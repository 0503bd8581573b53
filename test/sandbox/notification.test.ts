import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Closure,
  FAULTS,
  type FaultName,
  type Sandbox,
  startSandbox,
} from '../../testing/sandbox/index.js';
import { privateKeyFrom, publicKeysFrom } from '../../worldfirst/keys.js';
import { signatureHeader, verifySignature } from '../../worldfirst/signature.js';
import { type Opened, opened } from '../support/loopback.js';

const PATH = '/hooks/worldfirst';
const SUCCESS = '{"result":{"resultCode":"SUCCESS","resultMessage":"success","resultStatus":"S"}}';

let sandbox: Sandbox;
let receiver: Opened;
let url: string;
let received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answer = { status: 200, body: SUCCESS, signedBody: SUCCESS };

beforeAll(async () => {
  sandbox = await startSandbox({ slow: 20 });
  const privateKey = privateKeyFrom(sandbox.env.WORLDFIRST_PRIVATE_KEY ?? '');
  const clientId = sandbox.env.WORLDFIRST_CLIENT_ID ?? '';
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    // An incomplete request does not count.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    received.push({ path, headers, body });
    const time = '2026-11-22T12:08:56+08:00';
    const signed = { path, clientId, time, body: answer.signedBody };
    response.writeHead(answer.status, {
      'Client-Id': clientId,
      'Response-Time': time,
      Signature: signatureHeader(signed, { privateKey, keyVersion: '2' }),
    });
    response.end(answer.body);
  });
  receiver = await opened(server);
  url = `${receiver.url}${PATH}`;
});

afterAll(async () => {
  await sandbox.stop();
  await receiver.close();
});

async function notify(given: Partial<typeof answer>, requestId?: string) {
  received = [];
  answer = { status: 200, body: SUCCESS, signedBody: given.body ?? SUCCESS, ...given };
  return await sandbox.notify({ url, tradeId: 'trade-1', isRefund: 'Y', ...(requestId && { requestId }) });
}

describe('a closure notification', () => {
  test('is signed like a request, over the path of the registered URL', async () => {
    await notify({});
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = received;
    expect(path).toBe(PATH);
    expect(JSON.parse(body)).toEqual({ requestId: expect.any(String), tradeId: 'trade-1', isRefund: 'Y' });
    const signed = {
      path,
      clientId: String(headers['client-id']),
      time: String(headers['request-time']),
      body,
    };
    const keys = publicKeysFrom(sandbox.env.WORLDFIRST_PUBLIC_KEY ?? '');
    expect(signed.clientId).toBe(sandbox.env.WORLDFIRST_CLIENT_ID);
    expect(verifySignature(signed, String(headers.signature), keys)).toBe(true);
  });

  test('keeps the given request id', async () => {
    await notify({}, 'create-1');
    expect(JSON.parse(received[0]?.body ?? '').requestId).toBe('create-1');
  });

  test('is acknowledged by a signed SUCCESS', async () => {
    expect(await notify({})).toEqual({ status: 200, body: SUCCESS, acknowledged: true });
  });

  test.each([
    ['another status', { status: 500 }],
    ['a failure', { body: SUCCESS.replace('"S"', '"F"') }],
    ['a body that is not JSON', { body: 'OK' }],
    ['a signature of another body', { signedBody: 'OK' }],
    ['a redirect', { status: 302 }],
  ])('is not acknowledged by %s', async (_, given) => {
    expect(await notify(given)).toMatchObject({ acknowledged: false });
  });

  test('that reaches no receiver rejects', async () => {
    const gone = { url: 'http://127.0.0.1:1/hook', tradeId: 'trade-1', isRefund: 'N' } as const;
    await expect(sandbox.notify(gone)).rejects.toThrow();
  });
});

type Fault = NonNullable<Closure['fault']>;

/** Sends a notification under a fault, and returns its answer. */
async function notifyUnder(fault: FaultName, phase: Fault['phase']) {
  received = [];
  answer = { status: 200, body: SUCCESS, signedBody: SUCCESS };
  return await sandbox
    .notify({ url, tradeId: 'trade-1', isRefund: 'Y', requestId: 'create-1', fault: { fault, phase } })
    .catch(() => 'no answer' as const);
}

const TRUTH = '{"requestId":"create-1","tradeId":"trade-1","isRefund":"Y"}';
const ACKNOWLEDGED = { acknowledged: true };
const REFUSED = { acknowledged: false };

/** For each fault of the notification itself: the bodies that arrive, whether they are signed, and the answer. */
const BEFORE: Record<FaultName, { arrives: string[]; isSigned?: boolean; back: object | string }> = {
  dropped: { arrives: [], back: 'no answer' },
  reset: { arrives: [], back: 'no answer' },
  silent: { arrives: [], back: 'no answer' },
  cutoff: { arrives: [], back: 'no answer' },
  badgateway: { arrives: [], back: { status: 502, ...REFUSED } },
  throttled: { arrives: [], back: { status: 429, ...REFUSED } },
  html: { arrives: [], back: { status: 200, ...REFUSED } },
  empty: { arrives: [''], isSigned: true, back: ACKNOWLEDGED },
  'not-json': { arrives: [TRUTH.slice(0, -1)], isSigned: true, back: ACKNOWLEDGED },
  unsigned: { arrives: [TRUTH], isSigned: false, back: ACKNOWLEDGED },
  'wrong-signature': { arrives: [TRUTH], isSigned: false, back: ACKNOWLEDGED },
  forged: { arrives: [TRUTH], isSigned: false, back: ACKNOWLEDGED },
  stale: { arrives: [TRUTH], isSigned: true, back: ACKNOWLEDGED },
  'wrong-amount': { arrives: [TRUTH], isSigned: true, back: ACKNOWLEDGED },
  'wrong-currency': { arrives: [TRUTH], isSigned: true, back: ACKNOWLEDGED },
  'wrong-id': { arrives: [TRUTH.replace('trade-1', 'trade-1-not')], isSigned: true, back: ACKNOWLEDGED },
  'wrong-status': { arrives: [TRUTH.replace('"Y"', '"P"')], isSigned: true, back: ACKNOWLEDGED },
  'wrong-refund-status': { arrives: [TRUTH], isSigned: true, back: ACKNOWLEDGED },
  slow: { arrives: [TRUTH], isSigned: true, back: ACKNOWLEDGED },
  duplicated: { arrives: [TRUTH, TRUTH], isSigned: true, back: ACKNOWLEDGED },
  overtaken: { arrives: [], back: 'no answer' },
};

describe('a fault at a notification', () => {
  test.each(FAULTS.map(({ word }) => word))('%s of the notification itself', async (word) => {
    const { arrives, isSigned, back } = BEFORE[word];
    const answered = await notifyUnder(word, 'before');
    if (typeof back === 'string') expect(answered).toBe(back);
    else expect(answered).toMatchObject(back);
    expect(received.map(({ body }) => body)).toEqual(arrives);
    const keys = publicKeysFrom(sandbox.env.WORLDFIRST_PUBLIC_KEY ?? '');
    for (const { path, headers, body } of received) {
      const [clientId, time] = [String(headers['client-id']), String(headers['request-time'])];
      const signature = headers.signature?.toString();
      expect(verifySignature({ path, clientId, time, body }, signature, keys)).toBe(isSigned);
      const age = Date.now() - Date.parse(time);
      expect(age > 23 * 3_600_000).toBe(word === 'stale');
    }
  });

  test.each(FAULTS.map(({ word }) => word))(
    '%s of the acknowledgement: the notification has arrived',
    async (word) => {
      const answered = await notifyUnder(word, 'after');
      const isLate = word === 'slow' || word === 'duplicated';
      expect(answered === 'no answer' ? false : answered.acknowledged).toBe(isLate);
      expect(received.map(({ body }) => body)).toEqual(word === 'duplicated' ? [TRUTH, TRUTH] : [TRUTH]);
    },
  );
});
