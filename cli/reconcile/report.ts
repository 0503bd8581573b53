import { MEANINGS } from '../../rules/differences.js';
import type { NotChecked } from '../../rules/reconcile.js';
import { csvLine } from '../csv.js';
import { EXIT, type ExitCode } from '../failure.js';
import { type Column, tableText } from '../table.js';
import { counted, terminalText, terminalWidth, utc, wrapped } from '../terminal.js';
import type { ReportedFinding } from './compare-statement.js';

/** What `reconcile` prints, as it prints it with `--json`. */
export interface ReconcileDocument {
  /** The time in which the compared refunds ended; ISO 8601 in UTC. */
  period: { from: string; to: string };
  /** Whether WorldFirst answered about every refund. */
  complete: boolean;
  refunds: number;
  agreed: number;
  inquiries: number;
  differences: ReportedFinding[];
  information: ReportedFinding[];
  notChecked: NotChecked[];
  statement?: { file: string; rows: number; notes: string[] };
}

/** Differences matter more than what was not checked. */
export function exitCodeOf({ differences, notChecked }: ReconcileDocument): ExitCode {
  if (differences.length > 0) return EXIT.refused;
  return notChecked.length > 0 ? EXIT.unreachable : EXIT.done;
}

const COLUMNS: Column<ReportedFinding>[] = [
  { title: 'REFUND', text: ({ refundRequestId, requestId }) => refundRequestId ?? requestId },
  { title: 'DIFFERENCE', text: ({ kind }) => kind },
  { title: 'TEMPORAL', text: ({ recorded }) => recorded ?? 'not known' },
  { title: 'WORLDFIRST', text: ({ answered }) => answered },
  { title: 'AMOUNT', text: ({ amount }) => amount ?? '' },
  {
    title: 'REFERENCE',
    text: ({ reference }) => reference ?? '',
    whenNarrow: { least: 'REFERENCE'.length, cut: 'middle' },
  },
];

const NOT_CHECKED: Column<NotChecked>[] = [
  { title: 'NOT CHECKED', text: ({ requestId }) => requestId },
  { title: 'WHY', text: ({ reason }) => reason },
];

// A report for people. All of them are in the CSV file and in JSON.
const MOST_NOT_CHECKED = 20;

/** The report for people. */
export function reportText(report: ReconcileDocument, width = terminalWidth()): string {
  const { period, refunds, agreed, differences, information, notChecked, statement } = report;
  const notShown = notChecked.length - MOST_NOT_CHECKED;
  const ofStatement = differences.filter(({ line }) => line !== undefined).length;
  const ofInquiries = differences.length - ofStatement;
  return [
    `${counted(refunds)} compared with WorldFirst: ${agreed} agree, ${counted(ofInquiries, 'difference')}, ${notChecked.length} not checked`,
    `ended from ${utc(period.from)} to ${utc(period.to)} UTC, or waiting for an operator now`,
    ...(statement
      ? [
          `statement ${terminalText(statement.file)}: ${counted(statement.rows, 'row')}, ${counted(ofStatement, 'difference')}`,
        ]
      : []),
    ...(differences.length > 0
      ? ['', tableText(COLUMNS, differences, width), '', ...meaningsOf(differences, width)]
      : []),
    ...(information.length > 0
      ? [
          '',
          'for information:',
          tableText(COLUMNS, information, width),
          '',
          ...meaningsOf(information, width),
        ]
      : []),
    ...(notChecked.length > 0
      ? ['', tableText(NOT_CHECKED, notChecked.slice(0, MOST_NOT_CHECKED), width)]
      : []),
    ...(notShown > 0 ? [`… and ${notShown} more, see --json or --csv`] : []),
    ...(notChecked.length > 0
      ? ['', 'This is no clean result: whether these refunds differ is not known.']
      : []),
  ].join('\n');
}

/** What each kind means, once; what differs in each refund is in the table. */
function meaningsOf(findings: readonly ReportedFinding[], width: number): string[] {
  const firsts = new Map(findings.toReversed().map((each) => [each.kind, each]));
  return [...firsts.values()].toReversed().map(({ kind }) => {
    const { explanation, advice } = MEANINGS[kind as keyof typeof MEANINGS];
    return wrapped(`${kind}: ${explanation} ${advice}`, Math.min(width, 120), 2);
  });
}

const CSV_COLUMNS = [
  'result',
  'kind',
  'refundRequestId',
  'requestId',
  'product',
  'reference',
  'amount',
  'recorded',
  'answered',
  'line',
  'explanation',
  'advice',
] as const;

type CsvRow = Partial<Record<(typeof CSV_COLUMNS)[number], string | number>>;

/** Whether the first line of a file is that of a CSV report. */
export function isReport(firstLine: string): boolean {
  return firstLine === csvLine(CSV_COLUMNS);
}

/** The lines of the CSV file. */
export function csvLines({ differences, information, notChecked }: ReconcileDocument): string[] {
  const rows: CsvRow[] = [
    ...differences.map((each) => ({ ...each, result: 'difference' })),
    ...information.map((each) => ({ ...each, result: 'information' })),
    ...notChecked.map(({ reason, ...ids }) => ({ ...ids, result: 'not-checked', explanation: reason })),
  ];
  return [csvLine(CSV_COLUMNS), ...rows.map((row) => csvLine(CSV_COLUMNS.map((column) => row[column])))];
}
