import { expect, test } from 'vitest';
import { checkRequest } from '../../client/index.js';
import { scenarioOf } from '../../testing/sandbox/scenario-parser.js';
import { plannedKills } from '../../tools/chaos/killer.js';
import { chaosRefunds } from '../../tools/chaos/refunds.js';
import { readArguments, settingsFor } from '../../tools/chaos/settings.js';

const SETTINGS = settingsFor(500, { seed: 7 });

test('the same seed makes the same refunds and the same kills, another one others', () => {
  expect(chaosRefunds(SETTINGS)).toEqual(chaosRefunds(settingsFor(500, { seed: 7 })));
  expect(plannedKills(SETTINGS)).toEqual(plannedKills(settingsFor(500, { seed: 7 })));
  const words = (seed: number) => chaosRefunds({ ...SETTINGS, seed }).map((refund) => refund.words);
  expect(words(8)).not.toEqual(words(7));
  expect(plannedKills({ ...SETTINGS, seed: 8 })).not.toEqual(plannedKills(SETTINGS));
});

test('every refund can be asked for, under an id of its own, and its words mean something to the sandbox', () => {
  const refunds = chaosRefunds(SETTINGS);
  expect(refunds.flatMap(({ request }) => checkRequest(request))).toEqual([]);
  expect(new Set(refunds.map(({ request }) => request.refundRequestId)).size).toBe(500);
  for (const { words, request } of refunds)
    if (words !== 'works') expect(() => scenarioOf(words, request.product)).not.toThrow();
});

test('the refunds are of both products, and meet messages, decisions and held sendings', () => {
  const refunds = chaosRefunds(SETTINGS);
  const all = <Value>(of: (refund: (typeof refunds)[number]) => Value) => new Set(refunds.map(of));
  expect(all(({ request }) => request.product)).toEqual(new Set(['worldtrade', 'cashier']));
  expect(all(({ message }) => message?.kind)).toEqual(new Set([undefined, 'checkNow', 'escalate', 'cancel']));
  expect(all(({ decisions }) => decisions.length)).toEqual(new Set([0, 1, 2, 3]));
  expect(new Set(refunds.flatMap(({ decisions }) => decisions)).size).toBe(4);
  expect(all(({ held }) => held)).toEqual(new Set([undefined, 'before', 'after']));
  expect(refunds.filter(({ held }) => held)).toHaveLength(SETTINGS.kills.sending);
});

test('there are as many kills as planned, spread over the run, in their order', () => {
  const kills = plannedKills(SETTINGS);
  const of = (kind: string) => kills.filter((kill) => kill.kind === kind).length;
  const { worker, server, sandbox } = SETTINGS.kills;
  expect([of('worker'), of('server'), of('sandbox')]).toEqual([worker, server, sandbox]);
  const moments = kills.map(({ before }) => before);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(Math.max(...moments)).toBeLessThan(500);
});

test('a calm run kills nothing, and holds nothing', () => {
  const { settings } = readArguments(['--refunds', '50', '--seed', '7', '--calm']);
  expect(settings).toMatchObject({ refunds: 50, seed: 7 });
  expect(plannedKills(settings)).toEqual([]);
  expect(chaosRefunds(settings).filter(({ held }) => held)).toEqual([]);
});
