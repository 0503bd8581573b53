import { readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ATTENTION } from '../../rules/attention.js';
import { DECISIONS } from '../../rules/decision.js';
import { KINDS } from '../../tools/histories/kinds.js';
import '../support/environment.js';
import { BREAKING, changed, expectToBreak, HARMLESS, patchedChange } from './changes.js';
import { HISTORIES, replayed, VERSIONS } from './histories.js';

const code = readFileSync(inject('workflowBundle'), 'utf8');
// The others are in every-change.test.ts.
const [ONE] = BREAKING;

test('refunds of every version, of every kind, go on with the workflow as it is now', async () => {
  expect(await replayed(HISTORIES, code)).toEqual({});
});

test(`a changed workflow, ${ONE.change}, breaks the refunds that are past the changed place, and no other`, () =>
  expectToBreak(code, ONE));

test(`breaks no refund: ${HARMLESS.map(({ change }) => change).join(', ')}`, async () => {
  expect(await replayed(HISTORIES, HARMLESS.reduce(changed, code))).toEqual({});
});

test('what would break refunds breaks none when it is patched', async () => {
  expect(await replayed(HISTORIES, changed(code, patchedChange(code)))).toEqual({});
});

describe('the histories of this version', () => {
  const ours = HISTORIES.filter(({ version }) => version === packageJson.version);

  /** What a path leads to in the events, each once, and sorted; `*` is any field. */
  const all = (...path: string[]): unknown[] =>
    [...new Set(ours.flatMap(({ events }) => at(events, ['*', ...path])))]
      .filter((each) => each !== null)
      .sort();

  test('are of every kind that is recorded', () => {
    expect(VERSIONS).toContain(packageJson.version);
    expect(ours.map(({ kind }) => kind).sort()).toEqual(KINDS.map(({ name }) => name).sort());
  });

  test('hold every attention reason, every decision, every message, every activity and every outcome', () => {
    const decisions = Object.keys(DECISIONS).sort();
    expect(all('*', 'searchAttributes', 'indexedFields', 'RefundAttention', '$json')).toEqual(
      Object.keys(ATTENTION).sort(),
    );
    expect(all('*', 'acceptedRequest', 'input', 'args', 'payloads', '0', '$json', 'decision')).toEqual(
      decisions,
    );
    expect(all('*', 'acceptedRequest', 'input', 'name')).toEqual(['checkNow', 'decide', 'firstAnswer']);
    expect(all('*', 'signalName')).toEqual(['checkNow', 'decide', 'escalate', 'notification']);
    expect(all('*', 'activityType', 'name')).toEqual([
      'applyRefund',
      'inquireRefund',
      'notifyAttention',
      'queryTradeOrder',
      'readEarlierRuns',
      'refund',
      'verifyNotification',
    ]);
    expect(all('*', 'details', 'data', 'payloads', '0', '$json', 'activity_type')).toEqual([
      'inquireRefund',
      'queryTradeOrder',
    ]);
    expect(
      all('workflowExecutionCompletedEventAttributes', 'result', 'payloads', '0', '$json', 'status'),
    ).toEqual(['accepted', 'cancelled', 'failed', 'succeeded']);
    expect(
      all('workflowExecutionFailedEventAttributes', 'failure', 'applicationFailureInfo', 'type'),
    ).toEqual(['InvalidRefundRequest']);
  });

  test('name no machine, and hold no key', () => {
    for (const { kind, events } of ours) {
      const text = JSON.stringify(events);
      expect(text, kind).not.toMatch(
        /"identity"|"stackTrace"|"\d+@|"binaryChecksum"|file:\/\/|\/(home|root|tmp|work|Users)\//,
      );
      expect(text, kind).not.toMatch(/PRIVATE KEY|algorithm=RSA256|whsec_|127\.0\.0\.1|localhost/);
    }
  });
});

/** The values at the end of a path. */
function at(value: unknown, [key, ...others]: string[]): unknown[] {
  if (key === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*') return Object.values(value).flatMap((each) => at(each, others));
  return Object.hasOwn(value, key) ? at((value as Record<string, unknown>)[key], others) : [];
}
