import { type Command, Option } from 'commander';
import stringWidth from 'string-width';
import type { ListedStatus, RefundFilter, RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { savedViewLink } from '../rules/links.js';
import { defineCommand } from './command.js';
import { collect, type FilterFlags, filterFrom, withFilterFlags } from './filter-flags.js';
import { colors, type Output } from './output.js';
import { STATUSES, statusText } from './refund-text.js';
import { withRefunds } from './temporal.js';
import { fromNow, padded, shortened, since, terminalText, terminalWidth } from './terminal.js';

interface Options extends FilterFlags {
  status?: ListedStatus;
}

const DEFAULT_LIMIT = 1000;

/** `list`: refunds, newest first. */
export function listCommand(): Command {
  const command = defineCommand<Options>('list', {
    description: 'list refunds, newest first; --status needs-attention is the work queue',
    examples: [
      'list --status needs-attention --older-than 1d',
      'list --attention configuration --product worldtrade --limit 20',
      'list --reference 2026112200001 --json',
      'list --status unknown --json-lines | jq -r .refundRequestId',
    ],
    run: async ({ options, output, env }) => {
      const { readWebUiUrl } = await import('../worker/refund-config.js');
      const webUiUrl = readWebUiUrl(env);
      await withRefunds(env, async (refunds, { config: { namespace } }) => {
        const filter = filterOf(options);
        await list(refunds, filter, options.limit, output);
        if (webUiUrl && output.format === 'text')
          output.note(
            `in the Web UI: ${savedViewLink(webUiUrl, namespace, viewName(filter), refunds.listQuery(filter))}`,
          );
      });
      return undefined;
    },
  })
    .addOption(
      new Option('--json-lines', 'print one line of JSON per refund; running refunds come first').conflicts(
        'json',
      ),
    )
    .addOption(
      new Option(
        '--status <status>',
        'only those with this status; stopped: the workflow was terminated or failed, and the money may have moved',
      ).choices(STATUSES),
    );
  return withFilterFlags(command, {
    limit: `at most this many (${DEFAULT_LIMIT}; with --json-lines all)`,
  });
}

function filterOf(options: Options): RefundFilter {
  return { ...filterFrom(options), ...(options.status && { status: options.status }) };
}

/** `Refunds: needs-attention, configuration`. */
function viewName({ status, attention, product, reference }: RefundFilter): string {
  const words = [status, attention, product, reference].filter((word) => word !== undefined);
  return words.length > 0 ? `Refunds: ${words.join(', ')}` : 'Refunds';
}

async function list(
  refunds: RefundClient,
  filter: RefundFilter,
  limit: number | undefined,
  output: Output,
): Promise<void> {
  if (output.format === 'json-lines') {
    const stream = refunds.list({ ...filter, ...(limit !== undefined && { limit }) });
    for await (const summary of stream) output.document(summary);
    return;
  }
  const { found, more } = await collect(refunds, filter, limit ?? DEFAULT_LIMIT);
  output.result(found, () => listText(found));
  if (more) output.note(`more refunds match; increase --limit (shown: ${found.length})`);
}

interface Column {
  title: string;
  text: (refund: RefundSummary) => string;
  paint?: (refund: RefundSummary, cell: string) => string;
  /** On a terminal that is too narrow for the table: the column is left out, or its cells are cut to at least so many columns. */
  whenNarrow?: 'left out' | { least: number; cut: 'middle' | 'end' };
}

const COLUMNS: Column[] = [
  { title: 'REFUND', text: ({ refundRequestId }) => refundRequestId },
  {
    title: 'STATUS',
    text: ({ status, paused }) => (paused ? `${status}, paused` : status),
    paint: ({ status }, cell) => statusText(status, cell),
  },
  { title: 'PRODUCT', text: ({ product }) => product, whenNarrow: 'left out' },
  {
    title: 'REFERENCE',
    text: ({ reference }) => reference,
    whenNarrow: { least: 'REFERENCE'.length, cut: 'middle' },
  },
  { title: 'AMOUNT', text: ({ amount }) => amount ?? '' },
  { title: 'REASON', text: ({ attention }) => attention ?? '', whenNarrow: { least: 14, cut: 'end' } },
  { title: 'NEXT CHECK', text: ({ nextCheckAt }) => (nextCheckAt ? fromNow(nextCheckAt) : '') },
  { title: 'AGE', text: ({ startedAt }) => since(startedAt) },
];

type Filled = Column & { cells: string[]; width: number };

/**
 * Refunds as a table. Empty columns are left out. Where the table is wider than the terminal, it says less of each refund;
 * but its id, which every command needs, is never cut.
 */
export function listText(refunds: readonly RefundSummary[], width = terminalWidth()): string {
  if (refunds.length === 0) return 'no refunds';
  const columns = COLUMNS.map((column) => filled(column, refunds)).filter(({ cells }) => cells.some(Boolean));
  const fitting = narrowed(columns, width);
  if (widthOf(fitting) <= width) return linesOf(fitting, refunds).join('\n');
  const ids = linesOf(columns.slice(0, 1), refunds);
  const details = linesOf(narrowed(columns.slice(1), width - 2), refunds);
  return ids.map((id, line) => `${id}\n  ${details[line]}`).join('\n');
}

function filled(column: Column, refunds: readonly RefundSummary[]): Filled {
  const cells = refunds.map((refund) => terminalText(column.text(refund)));
  const width = cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), column.title.length);
  return { ...column, cells, width };
}

function narrowed(columns: Filled[], width: number): Filled[] {
  if (widthOf(columns) <= width) return columns;
  const kept = columns.filter(({ whenNarrow }) => whenNarrow !== 'left out');
  let tooMuch = widthOf(kept) - width;
  return kept.map((column) => {
    if (typeof column.whenNarrow !== 'object' || tooMuch <= 0) return column;
    const { least, cut } = column.whenNarrow;
    const narrow = Math.min(column.width, Math.max(least, column.width - tooMuch));
    tooMuch -= column.width - narrow;
    return { ...column, width: narrow, cells: column.cells.map((cell) => shortened(cell, narrow, cut)) };
  });
}

function widthOf(columns: readonly Filled[]): number {
  return columns.reduce((sum, { width }) => sum + width + 2, -2);
}

function linesOf(columns: readonly Filled[], refunds: readonly RefundSummary[]): string[] {
  const head = columns.map(({ title, width }) => padded(title, width)).join('  ');
  const rows = refunds.map((refund, row) =>
    columns
      .map(({ cells, width, paint }) => {
        const cell = padded(cells[row] ?? '', width);
        return paint ? paint(refund, cell) : cell;
      })
      .join('  ')
      .trimEnd(),
  );
  return [colors.dim(head.trimEnd()), ...rows];
}
