import { NOTHING, number, table } from '../harness/table.js';
import type { Actions } from './actions.js';
import { COUNT, counted, figure, PICK, relation, roundsOf } from './figures.js';
import { apiClientSection, scaleSection, startUpSection } from './report-more.js';
import type { Results } from './results.js';
import { spread } from './table.js';
import { type Judged, judge } from './targets.js';
import { VARIANTS } from './variants.js';

/** The results as Markdown. */
export function reportOf(results: Results): string {
  return [
    '# Benchmarks',
    settingsSection(results),
    targetsSection(judge(results)),
    ...results.scenarios.map(({ scenario }) => scenarioSection(results, scenario)),
    callerSection(results),
    apiClientSection(results.apiClient),
    startUpSection(results.startUp),
    scaleSection(results.scale),
  ]
    .filter((section) => section !== undefined)
    .join('\n\n')
    .concat('\n');
}

function settingsSection({ machine, settings }: Results): string {
  const { rounds, refunds, concurrency, delay } = settings;
  return [
    `${machine.cores} cores, ${machine.system}, Node ${machine.node}, Temporal server ${machine.temporal}. Everything runs on the one machine.`,
    `${rounds} rounds of ${refunds} refunds, ${concurrency} at a time; WorldFirst's sandbox answers after ${delay} ms.`,
    'Medians of the rounds, and in parentheses the least and the greatest. Ratios are taken round by round.',
  ].join('\n');
}

function targetsSection(judged: readonly Judged[]): string {
  const rows = judged.map(({ target, limit, measured, met }) => {
    const unit = target.unit === '×' ? ' ×' : target.unit === '%' ? ' %' : '';
    return [
      target.name,
      `${target.bound === 'at most' ? '≤' : '≥'} ${number(limit)}${unit}`,
      measured === undefined ? NOTHING : `${number(measured)}${unit}`,
      met === undefined ? 'not measured' : met ? 'met' : '**missed**',
    ];
  });
  return `## Targets\n\n${table(['target', 'limit', 'measured', ''], rows)}`;
}

function scenarioSection(results: Results, scenario: string): string {
  const measured = results.scenarios.find((each) => each.scenario === scenario)?.measured ?? [];
  const plain = roundsOf(results, scenario, 'plain');
  const head = ['', 'refunds/s', 'of plain', 'worker CPU, ms', 'of plain', 'server CPU, ms', 'of plain'];
  const costs = measured.map(({ variant, rounds }) => [
    variant,
    ...[PICK.perSecond, PICK.workerCpu, PICK.serverCpu].flatMap((pick) => [
      spread(figure(rounds, pick)),
      spread(relation(rounds, plain, pick)),
    ]),
  ]);
  const answers = measured.map(({ variant, rounds }) => [
    variant,
    spread(figure(rounds, PICK.firstAnswer)),
    spread(relation(rounds, plain, PICK.firstAnswer)),
    spread(figure(rounds, PICK.firstAnswerP99)),
    ...[COUNT.events, COUNT.bytes, COUNT.actions, COUNT.calls].map((count) => spread(counted(rounds, count))),
  ]);
  const kinds = measured.map(({ variant, rounds }) => {
    const actions = rounds[0]?.counts[0]?.actions;
    return `- ${variant}: ${actions ? inWords(actions) : NOTHING}`;
  });
  return [
    `## ${scenario}`,
    table(head, costs),
    table(
      ['', 'first answer p50, ms', 'of plain', 'p99, ms', 'events', 'bytes', 'Actions', 'calls'],
      answers,
    ),
    leversTable(results, scenario),
    `Actions of a refund:\n\n${kinds.join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Each lever against the variant that differs in nothing else. */
function leversTable(results: Results, scenario: string): string {
  const rows = VARIANTS.flatMap(({ name, against, what }) => {
    const [rounds, others] = [roundsOf(results, scenario, name), roundsOf(results, scenario, against ?? '')];
    if (against === undefined || rounds.length === 0 || others.length === 0) return [];
    const picks = [PICK.perSecond, PICK.workerCpu, PICK.serverCpu, PICK.firstAnswer];
    return [[`${name}: ${what}`, against, ...picks.map((pick) => spread(relation(rounds, others, pick)))]];
  });
  if (rows.length === 0) return '';
  const head = ['lever', 'against', 'refunds/s', 'worker CPU', 'server CPU', 'first answer p50'];
  return `Each lever as a ratio to the variant that differs in nothing else:\n\n${table(head, rows)}`;
}

function callerSection(results: Results): string | undefined {
  const [works] = results.scenarios;
  if (!works) return undefined;
  const plain = roundsOf(results, works.scenario, 'plain');
  const rows = Object.entries(CALLERS).flatMap(([variant, waits]) => {
    const rounds = roundsOf(results, works.scenario, variant);
    if (rounds.length === 0) return [];
    return [
      [
        `${variant}: ${waits}`,
        spread(figure(rounds, PICK.told)),
        spread(relation(rounds, plain, PICK.told)),
        spread(figure(rounds, PICK.toldP99)),
      ],
    ];
  });
  return `## What the caller sees\n\n${table(['', 'p50, ms', 'of plain', 'p99, ms'], rows)}`;
}

const CALLERS: Record<string, string> = {
  plain: 'execute, until the end',
  ours: 'start and result, until the end',
  'update-with-start on': "startAndWait({ until: 'answer' })",
  'update-with-start off': 'start, then show until there is an answer',
};

function inWords(actions: Actions): string {
  return Object.entries(actions)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
