import { NOTHING, number, table } from '../harness/table.js';
import { besideOf } from './figures.js';
import type { ApiClientResult, ScaleLevel, StartUpResult } from './results.js';
import { ratioOf, spreadOf } from './statistics.js';
import { bytes, spread } from './table.js';

/** The API client on its own. */
export function apiClientSection(result: ApiClientResult | undefined): string | undefined {
  if (!result) return undefined;
  const { rounds, rsa, openssl } = result;
  const rows = [...new Set(rounds.map(({ concurrency }) => concurrency))].flatMap((concurrency) => {
    const some = rounds.filter((round) => round.concurrency === concurrency);
    return (['wall', 'cpu'] as const).map((what) => {
      const [ours, byHand] = [some.map(({ ours }) => ours[what]), some.map(({ byHand }) => byHand[what])];
      return [
        `${concurrency} at a time, ${what === 'wall' ? 'time' : 'processor time'} per call`,
        spread(spreadOf(ours)),
        spread(spreadOf(byHand)),
        spread(ratioOf(ours, byHand)),
        what === 'cpu'
          ? `${number(((rsa.sign + rsa.verify) / (spreadOf(ours)?.median ?? Number.NaN)) * 100)} %`
          : '',
      ];
    });
  });
  const limits = [
    `A signature takes ${number(rsa.sign)} ms and a verification ${number(rsa.verify)} ms of the processor: nobody can be faster than that.`,
    openssl
      ? `OpenSSL's own measurement: ${number(openssl.sign)} ms and ${number(openssl.verify)} ms.`
      : "OpenSSL's own measurement is missing: a smoke run leaves it out, or there is no `openssl` here.",
  ].join('\n');
  const head = ['', 'ours, ms', 'by hand, ms', 'ratio', 'of it RSA'];
  return `## The API client on its own\n\n${table(head, rows)}\n\n${limits}`;
}

/** How long a worker takes to be made. */
export function startUpSection(result: StartUpResult | undefined): string | undefined {
  if (!result) return undefined;
  const rows = [
    ['prebuilt bundle', spread(spreadOf(result.prebuilt)), ''],
    [
      'bundled at the start',
      spread(spreadOf(result.bundled)),
      spread(ratioOf(result.bundled, result.prebuilt)),
    ],
  ];
  return `## Start-up of a worker\n\n${table(['createRefundWorker in a fresh process', 'ms', 'of prebuilt'], rows)}`;
}

/** One worker beside many refunds that wait. */
export function scaleSection(levels: readonly ScaleLevel[] | undefined): string | undefined {
  if (!levels) return undefined;
  const rows = levels.map((level) => [
    `${number(level.waiting)} waiting`,
    level.serverMemory === undefined ? NOTHING : bytes(level.serverMemory),
    bytes(level.workerMemory),
    `${number(level.startUp / 1000)} s`,
    spread(spreadOf(level.beside)),
    spread(besideOf(level)),
  ]);
  const head = [
    '',
    'server memory each',
    'worker memory',
    'fresh worker to first answer',
    'new refunds/s',
    "of an empty server's",
  ];
  return `## Refunds that wait\n\n${table(head, rows)}`;
}
