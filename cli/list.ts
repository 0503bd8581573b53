import { type Command, Option } from 'commander';
import type { ListedStatus, RefundFilter, RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { savedViewLink } from '../rules/links.js';
import { defineCommand } from './command.js';
import { collect, type FilterFlags, filterFrom, withFilterFlags } from './filter-flags.js';
import type { Output } from './output.js';
import { STATUSES, statusText } from './refund-text.js';
import { type Column, tableText } from './table.js';
import { withRefunds } from './temporal.js';
import { fromNow, since, terminalWidth } from './terminal.js';

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

const COLUMNS: Column<RefundSummary>[] = [
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
  { title: 'AMOUNT', text: ({ amount }) => amount ?? '', whenNarrow: 'left out' },
  { title: 'REASON', text: ({ attention }) => attention ?? '', whenNarrow: { least: 14, cut: 'end' } },
  { title: 'NEXT CHECK', text: ({ nextCheckAt }) => (nextCheckAt ? fromNow(nextCheckAt) : '') },
  { title: 'AGE', text: ({ startedAt }) => since(startedAt) },
];

/** Refunds as a table; the id, which every command needs, is never cut. */
export function listText(refunds: readonly RefundSummary[], width = terminalWidth()): string {
  return refunds.length === 0 ? 'no refunds' : tableText(COLUMNS, refunds, width);
}
