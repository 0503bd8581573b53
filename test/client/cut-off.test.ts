import { constants, createServer, type ServerHttp2Stream } from 'node:http2';
import { Client, Connection, isGrpcCancelledError } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { RefundClient, TemporalUnreachableError } from '../../client/index.js';
import { openedForTest } from '../support/loopback.js';

/** A client of something that speaks HTTP/2 and does this to every call. */
async function clientOf(onCall: (call: ServerHttp2Stream) => void): Promise<Client> {
  const { port } = await openedForTest(createServer().on('stream', onCall));
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}

test('a query that Temporal cancels at its deadline, a moment before the client does, reports that Temporal did not answer', async () => {
  const client = await clientOf((call) => call.close(constants.NGHTTP2_CANCEL));
  await expect(new RefundClient(client).describe('r-1')).rejects.toMatchObject({
    code: 'TEMPORAL_UNREACHABLE',
    message: expect.stringContaining('did not answer in time'),
  });
});

test('a query that the caller aborts reports the abort', async () => {
  const client = await clientOf(() => abort.abort());
  const abort = new AbortController();
  const error = await client
    .withAbortSignal(abort.signal, () => new RefundClient(client).describe('r-1'))
    .catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(TemporalUnreachableError);
  expect(isGrpcCancelledError(error)).toBe(true);
});
