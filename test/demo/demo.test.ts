// @module-tag long
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mistakesOf } from '../../tools/demo/check.js';
import { DEMO_REFUNDS } from '../../tools/demo/refunds.js';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

test('every refund of the demo ends as expected, and no money moves twice', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'tools/demo/main.ts'], { cwd: root });
  for (const { request, ends } of DEMO_REFUNDS) {
    expect(stdout).toMatch(new RegExp(`^${request.refundRequestId} +${ends.status} `, 'm'));
  }
  expect(stdout).toContain('Temporal’s Web UI: http://127.0.0.1:'.replace('’', "'"));
  expect(stdout).toContain('9 refunds asked for, 7 moved money, 7 movements');
  expect(stdout).toContain('Every refund ended as it should, and no money moved twice.');
});

test('the demo on a Temporal server that is not there says so and ends with 5', async () => {
  const args = ['--import', 'tsx', 'tools/demo/main.ts', '--address', '127.0.0.1:1'];
  const failure = await run(process.execPath, args, { cwd: root }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(
      /^error: The Temporal server at 127\.0\.0\.1:1 .*nothing listens there.*\n$/,
    ),
  });
});

test('the demo names each refund that does not end as expected', () => {
  const journal = {
    moved: () => [],
    sum: () => ({ asked: 9, moved: 0, movements: 0, movedTwice: ['pay-1'], changedBodies: ['demo-3'] }),
  };
  const mistakes = mistakesOf(DEMO_REFUNDS, [], journal);
  expect(mistakes).toContain('demo-1 ended as undefined, not as succeeded');
  expect(mistakes).toContain('demo-1 moved money 0 times, not 1');
  expect(mistakes).toContain('the money of pay-1 moved twice');
  expect(mistakes).toContain('different bodies were sent under the id demo-3');
});
