import { constants, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { Agent } from 'node:http';
import got from 'got';

/** One signed and verified call of WorldFirst's API, with nothing around it: what the API client is held against. */
export interface ByHand {
  queryTradeOrder(body: { tradeId: string }): Promise<unknown>;
  close(): void;
}

/** Makes the calls by Node's crypto and got alone, with what the variables say. */
export function callsByHand(env: Record<string, string>): ByHand {
  const { WORLDFIRST_BASE_URL = '', WORLDFIRST_PATH_PREFIX, WORLDFIRST_CLIENT_ID = '' } = env;
  const privateKey = createPrivateKey(env.WORLDFIRST_PRIVATE_KEY ?? '');
  const publicKey = createPublicKey(env.WORLDFIRST_PUBLIC_KEY ?? '');
  const padding = constants.RSA_PKCS1_PADDING;
  const path = `${WORLDFIRST_PATH_PREFIX}/worldtrade/queryTradeOrder`;
  const agent = new Agent({ keepAlive: true });
  const signed = (time: unknown, body: string) =>
    Buffer.from(`POST ${path}\n${WORLDFIRST_CLIENT_ID}.${time}.${body}`);

  return {
    async queryTradeOrder(input) {
      const time = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
      const body = JSON.stringify(input);
      const signature = sign('RSA-SHA256', signed(time, body), { key: privateKey, padding }).toString(
        'base64',
      );
      const answer = await got.post(new URL(path, WORLDFIRST_BASE_URL), {
        agent: { http: agent },
        body,
        headers: {
          'content-type': 'application/json; charset=UTF-8',
          'client-id': WORLDFIRST_CLIENT_ID,
          'request-time': time,
          signature: `algorithm=RSA256, keyVersion=2, signature=${encodeURIComponent(signature)}`,
        },
      });
      const text = answer.body;
      const theirs = decodeURIComponent(String(answer.headers.signature).split('signature=')[1] ?? '');
      const bytes = signed(answer.headers['response-time'], text);
      if (!verify('RSA-SHA256', bytes, { key: publicKey, padding }, Buffer.from(theirs, 'base64')))
        throw new Error('the signature of the answer is not valid');
      return JSON.parse(text);
    },
    close: () => agent.destroy(),
  };
}
