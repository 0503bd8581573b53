import { NOTHING, number, table } from '../../harness/table.js';
import { spread } from '../spread.js';
import { median, spreadOf } from '../statistics.js';
import type { MeasuredPeer, PeersMeasured, PeerTurn, SceneResult } from './results.js';

/** What was measured of plain, ours and the peers, as Markdown. */
export function peersSection({ load, peers }: PeersMeasured): string {
  const concurrencies = [
    ...new Set(peers.flatMap(({ turns }) => turns.map(({ concurrency }) => concurrency))),
  ];
  const inDatabase = peers.map(({ name, transactions, waitingBytes }) => [
    name,
    number(transactions),
    number(waitingBytes),
  ]);
  return [
    '## What a user would pick instead',
    `The machine's load of one minute was ${number(load[0])} before and ${number(load[1])} after.`,
    ...concurrencies.map((concurrency) => turnsTable(peers, concurrency)),
    table(['in PostgreSQL', 'transactions of a refund', 'bytes of one that waits'], inDatabase),
  ].join('\n\n');
}

const FIGURES: readonly [string, (turn: PeerTurn) => number | undefined][] = [
  ['refunds/s', ({ perSecond }) => perSecond],
  ['latency p50, ms', ({ latency }) => latency.p50],
  ['p99, ms', ({ latency }) => latency.p99],
  ['worker CPU, ms', ({ cpu }) => cpu.worker],
  ['servers CPU, ms', ({ cpu }) => cpu.servers],
  ['database CPU, ms', ({ cpu }) => cpu.database],
  ['caller CPU, ms', ({ cpu }) => cpu.caller],
];

function turnsTable(peers: readonly MeasuredPeer[], concurrency: number): string {
  const turnsOf = ({ turns }: MeasuredPeer) => turns.filter((turn) => turn.concurrency === concurrency);
  const ours = peers.find(({ name }) => name === 'ours');
  const speedOf = (peer: MeasuredPeer) => median(turnsOf(peer).map(({ perSecond }) => perSecond));
  const rows = peers.map((peer) => [
    peer.name,
    ...FIGURES.map(([, pick]) => spread(spreadOf(turnsOf(peer).map(pick)))),
    ours ? number(speedOf(peer) / speedOf(ours)) : NOTHING,
  ]);
  return table([`${concurrency} at a time`, ...FIGURES.map(([name]) => name), "refunds/s, of ours'"], rows);
}

/** What each one did in each scene, as Markdown. */
export function scenesSection(results: readonly SceneResult[]): string {
  const sections = results.map(({ scene, outcomes }) => {
    const rows = outcomes.map(({ contender, did, sends, moved }) => [
      contender,
      `${moved}`,
      `${sends}`,
      did.replaceAll('|', '\\|').replaceAll('\n', ' '),
    ]);
    return `### ${scene}\n\n${table(['', 'money moved', 'sent', 'what it did'], rows)}`;
  });
  return ['## What each one did when', ...sections].join('\n\n');
}
