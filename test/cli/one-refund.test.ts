import { expect, test } from 'vitest';
import { resumedText } from '../../cli/one-refund.js';

const REFUND = { refundRequestId: 'R 1', workflowId: 'refund:R 1', runId: 'a', started: false };

test.each([
  ['was resumed', { started: true }, 'resumed refund R 1 (workflow refund:R 1)'],
  ['is running', {}, 'refund R 1 is running: nothing was started'],
  [
    'is paused',
    { paused: true as const },
    "refund R 1 is paused: nothing was started\nunpause it with: temporal workflow unpause --workflow-id 'refund:R 1'",
  ],
])('resume says that the refund %s', (_, state, text) => {
  expect(resumedText({ ...REFUND, ...state })).toBe(text);
});
