import { expect, test } from 'vitest';
import { runLink, savedViewLink, TEMPORAL_TOOLS_PAGE } from '../../rules/links.js';

test('the link to Temporal’s own tools leads to a page of the documentation', () => {
  expect(TEMPORAL_TOOLS_PAGE).toBe(
    'https://github.com/worldfirst-refunds/worldfirst-refunds/blob/main/docs/temporal-tools.md',
  );
});

test('links into the Web UI escape what is in them, whether or not its address ends with slashes', () => {
  const run = { namespace: 'pay/ments', workflowId: 'refund:R 1', runId: 'run-1' };
  for (const webUi of ['https://temporal.example.com', 'https://temporal.example.com//'])
    expect(runLink(webUi, run)).toBe(
      'https://temporal.example.com/namespaces/pay%2Fments/workflows/refund%3AR%201/run-1',
    );
  expect(savedViewLink('http://localhost:8233/', 'default', 'A & B', "RefundStatus = 'x'")).toBe(
    "http://localhost:8233/namespaces/default/workflows?query=RefundStatus%20%3D%20'x'&savedQuery=A%20%26%20B",
  );
});
