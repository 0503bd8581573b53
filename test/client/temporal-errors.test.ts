import { expect, test } from 'vitest';
import { RefundClient, RefundError, type RefundRequest } from '../../client/index.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import {
  GRPC_STATUSES,
  type GrpcStatus,
  grpcError,
  interceptedClient,
} from '../support/intercepted-client.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

/** The calls to Temporal that fail in turn. */
const CALLS = [
  'startWorkflowExecution',
  'executeMultiOperation',
  'describeWorkflowExecution',
  'queryWorkflow',
  'signalWorkflowExecution',
  'updateWorkflowExecution',
  'listWorkflowExecutions',
  'getWorkflowExecutionHistory',
] as const;

/** A client on which one call fails with a status, and each other one reaches the server. */
function failing(call: (typeof CALLS)[number], status: GrpcStatus, onFailure = () => {}): RefundClient {
  const client = interceptedClient(refunds.client, call, () => {
    onFailure();
    throw grpcError(status);
  });
  return new RefundClient(client, { taskQueue: refunds.taskQueue });
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

const NOTE = { by: 'Ana', reason: 'a test' };

interface Given {
  /** The request of a refund that has ended: to start it again does no work. */
  request: RefundRequest;
  /** That refund. */
  ended: string;
  /** A refund that is running. */
  running: string;
}

/** Each method of RefundClient that calls Temporal. */
const METHODS: Record<string, (client: RefundClient, given: Given) => Promise<unknown>> = {
  start: (client, { request }) => client.start(request),
  startAndWait: (client, { request }) => client.startAndWait(request, { until: 'answer', timeout: 5_000 }),
  result: (client, { ended }) => client.result(ended),
  describe: (client, { ended }) => client.describe(ended),
  resume: (client, { running }) => client.resume(running),
  watch: (client, { ended }) => firstOf(client.watch(ended)),
  waitUntilIdle: (client, { ended }) => client.waitUntilIdle(ended),
  list: (client) => firstOf(client.list({ limit: 1 })),
  decide: (client, { running }) => client.decide(running, { decision: 'inquire-again', ...NOTE }),
  checkNow: (client, { running }) => client.checkNow(running, NOTE),
  escalate: (client, { running }) => client.escalate(running, NOTE),
};

async function refundsOfATest(): Promise<Given> {
  const request = refunds.worldtrade();
  const { refundRequestId: ended } = await refunds.run(request);
  const running = await refunds.begin(refunds.cashier('never-settles'));
  return { request, ended, running };
}

test.concurrent.for(CALLS)(
  '%s fails with each status of gRPC: each method works, or throws an error of this package',
  { timeout: 120_000 },
  async (call) => {
    const given = await refundsOfATest();
    const failures: string[] = [];
    // A method that does not make this call need not be run with each status.
    const concerned = new Set(Object.keys(METHODS));
    for (const status of GRPC_STATUSES) {
      for (const method of [...concerned]) {
        let isHit = false;
        const client = failing(call, status, () => {
          isHit = true;
        });
        try {
          await METHODS[method]?.(client, given);
        } catch (error) {
          if (!(error instanceof RefundError)) failures.push(`${method}, ${status}: ${String(error)}`);
        }
        if (!isHit) concerned.delete(method);
      }
    }
    expect(concerned.size).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  },
);

test.for([
  ['startWorkflowExecution', 'UNAVAILABLE', 'start', 'TEMPORAL_UNREACHABLE'],
  ['startWorkflowExecution', 'DEADLINE_EXCEEDED', 'start', 'TEMPORAL_UNREACHABLE'],
  ['startWorkflowExecution', 'RESOURCE_EXHAUSTED', 'start', 'TEMPORAL_BUSY'],
  ['startWorkflowExecution', 'PERMISSION_DENIED', 'start', 'TEMPORAL_REFUSED'],
  ['queryWorkflow', 'DEADLINE_EXCEEDED', 'describe', 'NO_WORKER'],
  ['queryWorkflow', 'FAILED_PRECONDITION', 'describe', 'NO_WORKER'],
  ['queryWorkflow', 'UNAVAILABLE', 'describe', 'TEMPORAL_UNREACHABLE'],
  ['describeWorkflowExecution', 'NOT_FOUND', 'describe', 'REFUND_NOT_FOUND'],
  ['listWorkflowExecutions', 'RESOURCE_EXHAUSTED', 'list', 'TEMPORAL_BUSY'],
] as const)('%s fails with %s: %s throws %s', async ([call, status, method, code]) => {
  const given = await refundsOfATest();
  await expect(METHODS[method]?.(failing(call, status), given)).rejects.toMatchObject({
    code,
  });
});
