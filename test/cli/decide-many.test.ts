import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type BulkDecision, decideEach, planEach } from '../../cli/bulk.js';
import type { RefundSummary } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';
import { Cli } from './cli.js';

const environment = useRefunds();
vi.setConfig({ maxConcurrency: 4 });

let cli: Cli;
beforeAll(() => {
  cli = new Cli({ TEMPORAL_ADDRESS: inject('temporalAddress') });
});
afterAll(() => cli.stop());

const BY = ['--by', 'ana', '--reason', 'the key is fixed'];
const SEND_AGAIN = {
  decision: { decision: 'send-again', by: 'ana', reason: 'the key is fixed' },
  attention: 'configuration',
} as const satisfies BulkDecision;

/** Refunds of one payment that wait because of the configuration. All of them are listed. */
async function stuck(count: number): Promise<{ ids: string[]; reference: string; found: RefundSummary[] }> {
  const first = environment.cashier('refused-ACCESS_DENIED');
  const { payToId: reference } = first;
  const others = Array.from({ length: count - 1 }, () => environment.cashier('', { payToId: reference }));
  const requests = [first, ...others];
  await Promise.all(requests.map((request) => environment.run(request)));
  const found = await listed(reference, count);
  return { ids: requests.map(({ refundRequestId }) => refundRequestId).sort(), reference, found };
}

/** The list lags behind. */
async function listed(reference: string, count: number): Promise<RefundSummary[]> {
  for (;;) {
    const found: RefundSummary[] = [];
    const filter = { reference, status: 'needs-attention' } as const;
    for await (const summary of environment.refunds.list(filter)) found.push(summary);
    if (found.length === count) return found;
  }
}

const all = (reference: string, decision: string, ...flags: string[]) => [
  ...['decide', '--all', '--attention', 'configuration', '--reference', reference, decision],
  ...BY,
  ...flags,
];

const sends = (reference: string) =>
  environment.sandbox.journal.entries.filter(
    (entry) => entry.api === 'refund' && entry.reference === reference,
  ).length;

describe.concurrent('decide --all', () => {
  test('with --dry-run lists the refunds and changes nothing', async () => {
    const { ids, reference } = await stuck(2);
    const { code, document } = await cli.json(all(reference, 'send-again', '--dry-run'));
    expect(code).toBe(0);
    expect(document).toMatchObject({
      decision: 'send-again',
      attention: 'configuration',
      dryRun: true,
      summary: { found: 2, applies: 2, refused: 0, noAnswer: 0, totals: ['USD 24.68'] },
    });
    expect(document.refunds.map((each: { refundRequestId: string }) => each.refundRequestId).sort()).toEqual(
      ids,
    );
    await vi.waitFor(() => expect(sends(reference)).toBe(2), 10_000);
  });

  test('decides for each refund, prints progress to stderr and a summary to stdout', async () => {
    const { ids, reference } = await stuck(3);
    const { code, stdout, stderr } = await cli.run(all(reference, 'send-again', '--yes'));
    expect(code).toBe(0);
    expect(stdout).toContain(
      'send-again applies to 3 of 3 refunds (reason: configuration), USD 37.02 in all',
    );
    expect(stdout).toContain('decided send-again for 3 of 3 refunds, USD 37.02 in all');
    for (const id of ids) expect(stderr).toMatch(new RegExp(`^\\d/3 {2}${id} {2}decided$`, 'm'));
    await Promise.all(
      ids.map((id) =>
        environment.until(id, ({ timeline, attention }) => {
          const decided = timeline.findIndex(({ event, by }) => event === 'decision' && by === 'ana');
          return decided > 0 && attention !== undefined;
        }),
      ),
    );
    await vi.waitFor(() => expect(sends(reference)).toBe(6), 10_000);
  });

  test('without --yes and without a terminal shows the plan, decides nothing, and exits with 2', async () => {
    const { reference } = await stuck(1);
    const { code, stdout, stderr } = await cli.run(all(reference, 'send-again', '--json'));
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('--yes'),
    });
    expect(stderr).toContain('send-again applies to 1 of 1 refund');
    await vi.waitFor(() => expect(sends(reference)).toBe(1), 10_000);
  });

  test('exits with 1 if a decision was rejected, and names the reason; the others are decided', async () => {
    const { ids, reference } = await stuck(1);
    // Nothing of it was sent, so that there is nothing to inquire about.
    const notSent = environment.worldtrade('', { tradeId: `${reference}-query-ACCESS_DENIED` });
    const { refundRequestId } = await environment.run(notSent);
    await listed(notSent.tradeId, 1);
    const found = [...(await listed(reference, 1)), ...(await listed(notSent.tradeId, 1))];
    const bulk: BulkDecision = {
      ...SEND_AGAIN,
      decision: { ...SEND_AGAIN.decision, decision: 'inquire-again' },
    };
    const plan = await planEach(environment.refunds, bulk, found);
    expect(plan).toMatchObject([
      { refundRequestId: ids[0], result: 'applies' },
      {
        refundRequestId,
        result: 'refused',
        error: { message: expect.stringContaining('nothing was sent under the current id') },
      },
    ]);
    const { code, document } = await cli.json(all(notSent.tradeId, 'inquire-again', '--yes'));
    expect(code).toBe(1);
    expect(document.summary).toEqual({
      found: 1,
      decided: 0,
      notTried: 0,
      refused: 1,
      noAnswer: 0,
      totals: [],
    });
  });

  test('--limit limits the number of refunds', async () => {
    const { reference } = await stuck(2);
    const { document } = await cli.json(all(reference, 'send-again', '--yes', '--limit', '1'));
    expect(document.summary).toMatchObject({ found: 1, decided: 1 });
    await vi.waitFor(() => expect(sends(reference)).toBe(3), 10_000);
  });

  test('without a matching refund does nothing and exits with 0', async () => {
    const { code, document } = await cli.json(all('there-is-no-such-payment', 'send-again'));
    expect(code).toBe(0);
    expect(document).toMatchObject({ summary: { found: 0, decided: 0 }, refunds: [] });
  });
});

describe.concurrent('decide --all, when a refund changes between the list and the decision', () => {
  const deciding = { signal: new AbortController().signal, onDone: () => {} };

  test('a refund that another operator has decided is rejected, with name and time', async () => {
    const { ids, found, reference } = await stuck(1);
    const plan = await planEach(environment.refunds, SEND_AGAIN, found);
    const [id = ''] = ids;
    const evidence = 'ticket 4711';
    await environment.refunds.decide(id, { decision: 'mark-failed', by: 'ben', reason: 'closed', evidence });
    const [item] = await decideEach(environment.refunds, SEND_AGAIN, plan, deciding);
    expect(item).toMatchObject({ result: 'refused', error: { code: 'DECISION_REFUSED' } });
    expect(item?.error?.message).toMatch(/has ended as failed: ben decided mark-failed.* at \d{4}-/);
    await vi.waitFor(() => expect(sends(reference)).toBe(1), 10_000);
  });

  test('a refund that now needs an operator for another reason is rejected', async () => {
    const { found, reference } = await stuck(1);
    const other: BulkDecision = { ...SEND_AGAIN, attention: 'settlement-overdue' };
    const [planned] = await planEach(environment.refunds, other, found);
    expect(planned).toMatchObject({
      result: 'refused',
      error: { message: expect.stringContaining('its reason is now configuration') },
    });
    const forced = found.map((refund) => ({ ...refund, result: 'applies' as const }));
    const [item] = await decideEach(environment.refunds, other, forced, deciding);
    expect(item?.result).toBe('refused');
    await vi.waitFor(() => expect(sends(reference)).toBe(1), 10_000);
  });

  test('refunds that were not decided before the command was stopped are unchanged', async () => {
    const { found, reference } = await stuck(1);
    const plan = await planEach(environment.refunds, SEND_AGAIN, found);
    const items = await decideEach(environment.refunds, SEND_AGAIN, plan, {
      ...deciding,
      signal: AbortSignal.abort(),
    });
    expect(items.map(({ result }) => result)).toEqual(['not-tried']);
    await vi.waitFor(() => expect(sends(reference)).toBe(1), 10_000);
  });

  test('a refund that Temporal has deleted counts as no answer, not as rejected', async () => {
    const gone = { refundRequestId: 'gone', workflowId: 'refund:gone' } as RefundSummary;
    const [item] = await planEach(environment.refunds, SEND_AGAIN, [gone]);
    expect(item).toMatchObject({ result: 'no-answer', error: { code: 'REFUND_NOT_FOUND' } });
  });
});
