import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import '../support/environment.js'; // Temporal's logs of what tests let fail are switched off there

let env: TestEnvironment;

beforeAll(async () => {
  const REFUND_DATA_CONVERTER = path.join(import.meta.dirname, 'modules/converters.cjs');
  env = await createTestEnvironment({ env: { REFUND_DATA_CONVERTER } });
});

afterAll(() => env.stop());

test('a payload converter of your own runs in the refund too, and your codec encodes what it writes', async () => {
  const { refunds, client } = env;
  await refunds.start({ product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1' });
  expect(await refunds.result('r-1')).toMatchObject({ status: 'succeeded' });
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId: workflowIdOf('r-1') },
  });
  const [written] =
    history?.events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
  expect(written?.metadata?.team).toEqual(Buffer.from([1]));
  expect(Buffer.from(written?.metadata?.encoding ?? []).toString()).toBe('binary/marked');
});
