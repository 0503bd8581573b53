import { NOTHING, number, table } from '../harness/table.js';
import type { Actions } from './actions.js';
import { peersSection, scenesSection } from './comparison/report.js';
import { besideOf, COUNT, counted, figure, PICK, relation, roundsOf } from './figures.js';
import type { ApiClientRound, MeasuredReplays, Results, ScaleLevel } from './results.js';
import { scaleOutSection } from './scale-out/report.js';
import { spread } from './spread.js';
import { ratioOf, spreadOf } from './statistics.js';
import { type Judged, judge } from './targets.js';

/** The results as Markdown. */
export function reportOf(results: Results): string {
  const { apiClient, replays, scale, scaleOut, scenarios, peers, scenes } = results;
  return [
    '# Benchmarks',
    optionsSection(results),
    ...targetsSection(judge(results).filter(({ met }) => met !== undefined)),
    ...scenarios.map(({ scenario }) => scenarioSection(results, scenario)),
    ...(replays ? [replaysSection(replays)] : []),
    ...(apiClient ? [apiClientSection(apiClient)] : []),
    ...(scale ? [scaleSection(scale)] : []),
    ...(scaleOut ? [scaleOutSection(scaleOut)] : []),
    ...(peers ? [peersSection(peers)] : []),
    ...(scenes ? [scenesSection(scenes)] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

function optionsSection({ machine, options }: Results): string {
  const { rounds, refunds, concurrency } = options;
  return [
    `${machine.cores} cores, ${machine.system}, Node ${machine.node}, ${machine.temporal}. Everything runs on the one machine.`,
    `${rounds} rounds of ${refunds} refunds, ${concurrency} at a time.`,
    'Medians of the rounds, and in parentheses the least and the greatest. Ratios are taken round by round.',
  ].join('\n');
}

/** Only of what this run has measured. */
function targetsSection(judged: readonly Judged[]): string[] {
  if (judged.length === 0) return [];
  const rows = judged.map(({ target, limit, measured, met }) => {
    const unit = target.unit ? ` ${target.unit}` : '';
    return [
      target.name,
      `${target.bound === 'at most' ? '≤' : '≥'} ${number(limit)}${unit}`,
      `${number(measured)}${unit}`,
      met ? 'met' : '**missed**',
    ];
  });
  return [`## Targets\n\n${table(['target', 'limit', 'measured', ''], rows)}`];
}

function scenarioSection(results: Results, scenario: string): string {
  const measured = results.scenarios.find((each) => each.scenario === scenario)?.measured ?? [];
  const plain = roundsOf(results, scenario, 'plain');
  const costs = measured.map(({ variant, rounds }) => [
    variant,
    ...[PICK.perSecond, PICK.workerCpu, PICK.serverCpu].flatMap((pick) => [
      spread(figure(rounds, pick)),
      spread(relation(rounds, plain, pick)),
    ]),
    ...[PICK.databaseCpu, PICK.callerCpu].map((pick) => spread(figure(rounds, pick))),
  ]);
  const latencies = measured.map(({ variant, rounds }) => [
    variant,
    ...(
      [
        [PICK.latency, PICK.latencyP99],
        [PICK.firstAnswer, PICK.firstAnswerP99],
      ] as const
    ).flatMap(([p50, p99]) => [
      spread(figure(rounds, p50)),
      spread(relation(rounds, plain, p50)),
      spread(figure(rounds, p99)),
    ]),
  ]);
  const counts = measured.map(({ variant, rounds }) => [
    variant,
    ...[COUNT.events, COUNT.bytes, COUNT.actions, COUNT.calls].map((count) => spread(counted(rounds, count))),
  ]);
  const kinds = measured.map(({ variant, rounds }) => {
    const actions = rounds[0]?.counts[0]?.actions;
    return `- ${variant}: ${actions ? inWords(actions) : NOTHING}`;
  });
  return [
    `## ${scenario}`,
    table(
      [
        '',
        'refunds/s',
        'of plain',
        'worker CPU, ms',
        'of plain',
        'servers + database CPU, ms',
        'of plain',
        'database of it',
        'caller CPU, ms',
      ],
      costs,
    ),
    table(
      [
        '',
        'latency p50, ms',
        'of plain',
        'p99, ms',
        'first answer at low load p50, ms',
        'of plain',
        'p99, ms',
      ],
      latencies,
    ),
    table(['', 'events', 'bytes', 'Actions', 'calls'], counts),
    `Actions of a refund:\n\n${kinds.join('\n')}`,
  ].join('\n\n');
}

function replaysSection(measured: readonly MeasuredReplays[]): string {
  const plain = measured.find(({ variant }) => variant === 'plain')?.cpu ?? [];
  const rows = measured.map(({ variant, cpu }) => [
    variant,
    spread(spreadOf(cpu)),
    spread(ratioOf(cpu, plain)),
  ]);
  return `## Replays of a refund that just works\n\n${table(['', 'processor time, ms', 'of plain'], rows)}`;
}

function apiClientSection(measured: readonly ApiClientRound[]): string {
  const concurrencies = [...new Set(measured.map(({ concurrency }) => concurrency))];
  const rows = concurrencies.flatMap((concurrency) => {
    const rounds = measured.filter((round) => round.concurrency === concurrency);
    return (['wall', 'cpu'] as const).map((what) => {
      const [ours, byHand] = [rounds.map(({ ours }) => ours[what]), rounds.map(({ byHand }) => byHand[what])];
      return [
        `${concurrency} at a time, ${what === 'wall' ? 'time' : 'processor time'} per call`,
        spread(spreadOf(ours)),
        spread(spreadOf(byHand)),
        spread(ratioOf(ours, byHand)),
      ];
    });
  });
  return `## The API client on its own\n\n${table(['', 'ours, ms', 'by hand, ms', 'ratio'], rows)}`;
}

function scaleSection(levels: readonly ScaleLevel[]): string {
  const rows = levels.map((level) => [
    `${number(level.waiting)} waiting`,
    level.serverMemory === undefined ? NOTHING : `${number(level.serverMemory / 1024)} KiB`,
    level.databaseBytes === undefined ? NOTHING : `${number(Math.round(level.databaseBytes))} bytes`,
    `${number(level.workerMemory / 1024 / 1024)} MiB`,
    `${number(level.startUp / 1000)} s`,
    spread(spreadOf(level.beside)),
    spread(besideOf(level)),
  ]);
  const head = [
    '',
    'server memory each',
    'in PostgreSQL each',
    'worker memory',
    'fresh worker to first answer',
    'new refunds/s',
    "of an empty server's",
  ];
  return `## Refunds that wait\n\n${table(head, rows)}`;
}

function inWords(actions: Actions): string {
  return Object.entries(actions)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
