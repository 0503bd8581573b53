import { expect, test } from 'vitest';
import { checkRequest } from '../../client/index.js';
import { scenarioOf } from '../../testing/sandbox/scenario-parser.js';
import { plannedKills } from '../../tools/chaos/killer.js';
import { optionsFor, readArguments } from '../../tools/chaos/options.js';
import { chaosRefunds } from '../../tools/chaos/refunds.js';

const OPTIONS = optionsFor(500, { seed: 7 });

test('a seed decides the refunds and the kills of a chaos run', () => {
  expect(chaosRefunds(OPTIONS)).toEqual(chaosRefunds(optionsFor(500, { seed: 7 })));
  expect(plannedKills(OPTIONS)).toEqual(plannedKills(optionsFor(500, { seed: 7 })));
  const words = (seed: number) => chaosRefunds({ ...OPTIONS, seed }).map((refund) => refund.words);
  expect(words(8)).not.toEqual(words(7));
  expect(plannedKills({ ...OPTIONS, seed: 8 })).not.toEqual(plannedKills(OPTIONS));
});

test('every chaos refund has a valid request, its own id, and scenario words that the sandbox knows', () => {
  const refunds = chaosRefunds(OPTIONS);
  expect(refunds.flatMap(({ request }) => checkRequest(request))).toEqual([]);
  expect(new Set(refunds.map(({ request }) => request.refundRequestId)).size).toBe(500);
  for (const { words, request } of refunds)
    if (words !== 'works') expect(() => scenarioOf(words, request.product)).not.toThrow();
});

test('chaos refunds are of both products, with messages, decisions and held sendings', () => {
  const refunds = chaosRefunds(OPTIONS);
  const all = <Value>(of: (refund: (typeof refunds)[number]) => Value) => new Set(refunds.map(of));
  expect(all(({ request }) => request.product)).toEqual(new Set(['worldtrade', 'cashier']));
  expect(all(({ message }) => message?.kind)).toEqual(new Set([undefined, 'checkNow', 'escalate', 'cancel']));
  expect(all(({ decisions }) => decisions.length)).toEqual(new Set([0, 1, 2, 3]));
  expect(new Set(refunds.flatMap(({ decisions }) => decisions)).size).toBe(4);
  expect(all(({ held }) => held)).toEqual(new Set([undefined, 'before', 'after']));
  expect(refunds.filter(({ held }) => held)).toHaveLength(OPTIONS.kills.sending);
});

test('there are as many kills as the options say, spread over the run, in order', () => {
  const kills = plannedKills(OPTIONS);
  const of = (kind: string) => kills.filter((kill) => kill.kind === kind).length;
  const { worker, server, sandbox } = OPTIONS.kills;
  expect([of('worker'), of('server'), of('sandbox')]).toEqual([worker, server, sandbox]);
  const moments = kills.map(({ before }) => before);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(Math.max(...moments)).toBeLessThan(500);
});

test('a run on a cluster kills each part of it, freezes workers, and never a whole development server', () => {
  const { options, temporal } = readArguments(['--temporal', 'cluster', '--refunds', '1000']);
  expect(temporal.temporal).toBe('cluster');
  const kinds = new Set(plannedKills(options).map(({ kind }) => kind));
  expect(kinds).toEqual(
    new Set(['worker', 'sandbox', 'frontend', 'history', 'matching', 'database', 'away']),
  );
  const held = chaosRefunds(options).filter((refund) => refund.held);
  expect(held).toHaveLength(options.kills.sending + options.kills.frozen);
  expect(held.filter(({ freezes }) => freezes)).toHaveLength(options.kills.frozen);
});

test('a run on a server that is already there kills no part of it', () => {
  const { options } = readArguments(['--address', '127.0.0.1:7233', '--refunds', '1000']);
  const kinds = new Set(plannedKills(options).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['worker', 'sandbox']));
});

test('a calm chaos run kills nothing and holds nothing', () => {
  const { options } = readArguments(['--refunds', '50', '--seed', '7', '--calm']);
  expect(options).toMatchObject({ refunds: 50, seed: 7 });
  expect(plannedKills(options)).toEqual([]);
  expect(chaosRefunds(options).filter(({ held }) => held)).toEqual([]);
});
