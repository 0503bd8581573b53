import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { privateKeyFrom, publicKeysFrom } from '../../src/worldfirst/keys.js';
import { signatureHeader, verifySignature } from '../../src/worldfirst/signature.js';

const PATH = '/hooks/worldfirst';
const SUCCESS = '{"result":{"resultCode":"SUCCESS","resultMessage":"success","resultStatus":"S"}}';

let sandbox: Sandbox;
let receiver: Server;
let url: string;
let received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answer = { status: 200, body: SUCCESS, signedBody: SUCCESS };

beforeAll(async () => {
  sandbox = await startSandbox();
  const privateKey = privateKeyFrom(sandbox.env.WORLDFIRST_PRIVATE_KEY ?? '');
  const clientId = sandbox.env.WORLDFIRST_CLIENT_ID ?? '';
  receiver = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    received.push({ path, headers, body: await text(request) });
    const time = '2026-11-22T12:08:56+08:00';
    const signed = { path, clientId, time, body: answer.signedBody };
    response.writeHead(answer.status, {
      'Client-Id': clientId,
      'Response-Time': time,
      Signature: signatureHeader(signed, { privateKey, keyVersion: '2' }),
    });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${PATH}`;
});

afterAll(async () => {
  await sandbox.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

async function notify(given: Partial<typeof answer>, requestId?: string) {
  received = [];
  answer = { status: 200, body: SUCCESS, signedBody: given.body ?? SUCCESS, ...given };
  return await sandbox.notify({ url, tradeId: 'trade-1', isRefund: 'Y', ...(requestId && { requestId }) });
}

describe('a closure notification', () => {
  it('is signed like a request, over the path of the registered URL', async () => {
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

  it('keeps its request id when it is sent again', async () => {
    await notify({}, 'create-1');
    expect(JSON.parse(received[0]?.body ?? '').requestId).toBe('create-1');
  });

  it('is acknowledged by a signed SUCCESS', async () => {
    expect(await notify({})).toEqual({ status: 200, body: SUCCESS, acknowledged: true });
  });

  it.each([
    ['another status', { status: 500 }],
    ['a failure', { body: SUCCESS.replace('"S"', '"F"') }],
    ['no JSON', { body: 'OK' }],
    ['a signature of something else', { signedBody: 'OK' }],
    ['a redirect', { status: 302 }],
  ])('is not acknowledged by %s', async (_, given) => {
    expect(await notify(given)).toMatchObject({ acknowledged: false });
  });

  it('that reaches nobody rejects', async () => {
    const gone = { url: 'http://127.0.0.1:1/hook', tradeId: 'trade-1', isRefund: 'N' } as const;
    await expect(sandbox.notify(gone)).rejects.toThrow();
  });
});
