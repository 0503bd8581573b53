import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefundRequest } from '../../client/index.js';
import { Cli } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';

// A server of this file's own: a reconciliation compares every refund of the namespace.
const environment = useRefunds({}, {}, {});
const { worldtrade, cashier } = environment;

let cli: Cli;
let folder: string;
beforeAll(async () => {
  const { address } = (environment.client.connection as { options?: { address?: string } }).options ?? {};
  cli = new Cli({
    TEMPORAL_ADDRESS: address as string,
    REFUND_TASK_QUEUE: environment.taskQueue,
    ...environment.sandbox.env,
  });
  folder = await mkdtemp(path.join(tmpdir(), 'reconcile-'));
});
afterAll(async () => {
  cli.stop();
  await rm(folder, { recursive: true });
});

const FAST = ['--calls-per-second', '100'];
const ended: string[] = [];

/** Runs a refund to its end, and waits until Temporal's list has it. */
async function run(request: RefundRequest): Promise<RefundRequest> {
  const { outcome } = await environment.run(request);
  if (outcome) ended.push(request.refundRequestId);
  await listed();
  return request;
}

async function listed(): Promise<void> {
  const query = "WorkflowType = 'refund' AND CloseTime IS NOT NULL";
  while ((await environment.client.workflow.count(query)).count < ended.length) await sleep(100);
}

/** From now on WorldFirst has another result for this payment. */
function becomes(request: RefundRequest, scenario: string): void {
  if (request.product === 'cashier') environment.sandbox.addFixture({ payToId: request.payToId, scenario });
  else environment.sandbox.addFixture({ tradeId: request.tradeId, scenario });
}

const answered = (request: RefundRequest & { payToId: string }, requestId: string, value: string) => ({
  phase: 'before' as const,
  answer: {
    result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
    refundInformation: [
      {
        refundRequestId: requestId,
        payToId: request.payToId,
        refundStatus: 'SUCCESS',
        refundAmount: { currency: 'USD', value },
      },
    ],
  },
});

interface Found {
  kind: string;
  refundRequestId?: string;
  requestId: string;
}
const kindsOf = (found: Found[]) => found.map(({ refundRequestId = '-', kind }) => [refundRequestId, kind]);

test('refunds that agree are no difference, and each is inquired about once', async () => {
  const requests = [
    await run(cashier()),
    await run(worldtrade()),
    await run(cashier('refused-PROCESS_FAIL')),
  ];
  const before = environment.sandbox.journal.entries.length;
  const { code, document } = await cli.json(['reconcile', '--since', '1h', ...FAST]);
  expect(document).toMatchObject({ complete: true, refunds: 3, agreed: 3, differences: [], notChecked: [] });
  expect(code).toBe(0);
  const asked = environment.sandbox.journal.entries.slice(before);
  expect(asked.map(({ api }) => api)).toEqual(['inquireRefund', 'inquireRefund', 'inquireRefund']);
  expect(new Set(asked.map(({ id }) => id))).toEqual(new Set(requests.map((each) => each.refundRequestId)));
  const { stdout } = await cli.run(['reconcile', ...FAST]);
  expect(stdout).toContain('3 refunds compared with WorldFirst: 3 agree, 0 differences, 0 not checked');
});

test('refunds are not checked where WorldFirst cannot be reached in the middle, and the exit code says so', async () => {
  const held = environment.sandbox.hold({ api: 'inquireRefund' }, 'before');
  const running = cli.json(['reconcile', ...FAST]);
  await held.arrived;
  await environment.sandbox.refuseConnections();
  held.release();
  const { code, document } = await running;
  await environment.sandbox.acceptConnections();
  expect(code).toBe(5);
  expect(document).toMatchObject({ complete: false, differences: [] });
  expect(document.notChecked.length).toBeGreaterThan(0);
  expect(document.agreed + document.notChecked.length).toBe(document.refunds);
});

test('every difference is reported, and nothing is changed', async () => {
  const reversed = await run(cashier());
  const settled = await run(cashier('declined'));
  const unknown = await run(cashier());
  const amount = cashier();
  await run(amount);
  const waiting = await run(cashier('unknown-99'));
  const again = cashier('refused-once-CONTRACT_NOT_EXIST');
  // In real time: a skipped reminder would end it tomorrow.
  await environment.begin(again);
  await environment.until(again.refundRequestId, ({ attention }) => attention !== undefined);
  await environment.refunds.decide(again.refundRequestId, {
    decision: 'send-with-new-id',
    by: 'ana',
    reason: 'the contract is signed',
  });
  await environment.refunds.result(again.refundRequestId);
  ended.push(again.refundRequestId);
  const stopped = cashier('settles-2');
  await environment.begin(stopped, { settlementIntervals: ['0s', '1d'] });
  await environment.until(stopped.refundRequestId, ({ inquiries }) => inquiries.done === 1);
  await environment.refunds.getHandle(stopped.refundRequestId).terminate('a test');
  ended.push(stopped.refundRequestId);
  await listed();

  becomes(reversed, 'declined');
  becomes(settled, '');
  becomes(unknown, 'unlisted');
  becomes(waiting, '');
  const { sandbox } = environment;
  const other = amount as Parameters<typeof answered>[0];
  sandbox.when(
    { api: 'inquireRefund', id: amount.refundRequestId },
    answered(other, amount.refundRequestId, '1'),
  );
  const twice = again as Parameters<typeof answered>[0];
  sandbox.when(
    { api: 'inquireRefund', id: again.refundRequestId },
    answered(twice, again.refundRequestId, '1234'),
  );

  const all = [reversed, settled, unknown, amount, waiting, again];
  const views = () =>
    Promise.all(all.map(({ refundRequestId }) => environment.refunds.describe(refundRequestId)));
  const [before, moved] = [await views(), sandbox.journal.movements.length];
  const csv = path.join(folder, 'differences.csv');
  const { code, document } = await cli.json(['reconcile', '--product', 'cashier', '--csv', csv, ...FAST]);
  expect(code).toBe(1);
  const expected = [
    [reversed.refundRequestId, 'reversed'],
    [settled.refundRequestId, 'settled-although-failed'],
    [unknown.refundRequestId, 'not-found'],
    [amount.refundRequestId, 'amount-differs'],
    [waiting.refundRequestId, 'settled-while-waiting'],
    [again.refundRequestId, 'earlier-id-carried-out'],
    [stopped.refundRequestId, 'settled-while-stopped'],
  ];
  expect(kindsOf(document.differences).sort()).toEqual(expected.sort());
  expect(document).toMatchObject({ complete: true, notChecked: [] });
  expect(await views()).toEqual(before);
  expect(sandbox.journal.movements.length).toBe(moved);

  const rows = parse(await readFile(csv, 'utf8'), { columns: true }) as Record<string, string>[];
  expect(rows.map(({ refundRequestId, kind }) => [refundRequestId, kind]).sort()).toEqual(expected);

  const { stdout, code: shown } = await cli.run(['reconcile', ...FAST]);
  expect(shown).toBe(1);
  expect(stdout).toMatch(/reversed +succeeded +FAIL +USD 12\.34/);
  expect(stdout).toMatch(/it may have been reversed\.\s+Ask\s+WorldFirst\s+Technical Support/);
});

test('a statement shows payments that nobody asked for, other amounts and repeated lines', async () => {
  const paid = await run(cashier());
  const less = await run(cashier());
  const failed = await run(cashier('declined'));
  const declined = await run(cashier());
  const unlisted = worldtrade('unlisted');
  await environment.begin(unlisted);
  await environment.until(unlisted.refundRequestId, ({ status }) => status === 'processing');
  const statement = path.join(folder, 'statement.csv');
  const today = new Date().toISOString().slice(0, 10);
  const lines = [
    'Merchant Ref;Amount;Ccy;State;Booked',
    `${paid.refundRequestId};-12.34;USD;SUCCESS;${today}`,
    `${less.refundRequestId};12.30;USD;SUCCESS;${today}`,
    `${failed.refundRequestId};12.34;USD;SUCCESS;${today}`,
    `nobody-asked;7.00;USD;SUCCESS;${today}`,
    `nobody-asked-2;7.00;USD;FAILED;${today}`,
    `${paid.refundRequestId};12.34;USD;SUCCESS;${today}`,
    `${declined.refundRequestId};12.34;USD;FAILED;${today}`,
    `${unlisted.refundRequestId};100.00;USD;SUCCESS;${today}`,
  ];
  await writeFile(statement, `\uFEFF${lines.join('\r\n')}\r\n`);
  const columns = 'id=Merchant Ref,amount=Amount,currency=Ccy,status=State,date=Booked';
  const { code, document } = await cli.json([
    ...['reconcile', '--since', '1h', '--statement', statement, '--columns', columns],
    ...FAST,
  ]);
  expect(code).toBe(1);
  const found = document.differences.filter(({ line }: { line?: number }) => line !== undefined);
  expect(found.map(({ line, kind }: { line: number; kind: string }) => [line, kind])).toEqual([
    [3, 'statement-amount-differs'],
    [4, 'statement-paid-although-unpaid-here'],
    [5, 'statement-unknown'],
    [7, 'statement-repeated'],
    [8, 'statement-declined'],
  ]);
  // The first line had a minus sign.
  expect(found[3].explanation).toContain('One of the two amounts has a minus sign: it may have come back');
  expect(found[2]).toMatchObject({
    requestId: 'nobody-asked',
    amount: 'USD 7.00',
    explanation: expect.stringMatching(/never started here, it is older than `--since`/),
  });
  // Those of the other tests succeeded on the same day.
  const missing = document.information.map(({ kind }: Found) => kind);
  const ids = document.information.map(({ refundRequestId }: Found) => refundRequestId);
  expect(ids).not.toContain(declined.refundRequestId);
  expect(new Set(missing)).toEqual(new Set(['statement-missing']));
});

test('the report replaces an earlier report, and not the statement', async () => {
  const statement = path.join(folder, 'own.csv');
  await writeFile(statement, 'Ref,Amount\nnobody,USD 7.00\n');
  const args = ['reconcile', '--statement', statement, '--columns', 'id=Ref,amount=Amount', ...FAST];
  const refused = await cli.run([...args, '--csv', statement]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('holds something else')]);
  expect(await readFile(statement, 'utf8')).toContain('nobody');
  const report = path.join(folder, 'report.csv');
  for (let run = 1; run <= 2; run += 1) expect((await cli.run([...args, '--csv', report])).code).toBe(1);
});

test.each(['2999-01-01', '2999-01-01T08:00:00+08:00'])(
  '--since %s is in the future, and refused',
  async (since) => {
    const { code, stderr } = await cli.run(['reconcile', '--since', since]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is in the future. Nothing was compared.')]);
  },
);

test.each([
  [
    'in UTF-16',
    Buffer.from('\uFEFFRef,Amount\nR-1,USD 1.00\nR-2,USD 1.00\n', 'utf16le'),
    /looks like UTF-16/,
  ],
  ['with carriage returns alone', 'Ref,Amount\rR-1,USD 1.00\r', /has carriage returns \(CR\) in it/],
])('a statement %s is refused once, with the way to convert it', async (name, content, message) => {
  const statement = path.join(folder, `${name}.csv`);
  await writeFile(statement, content);
  const flags = ['reconcile', '--statement', statement, '--columns', 'id=Ref,amount=Amount', ...FAST];
  const { code, document } = await cli.json(flags);
  expect([code, document.error.issues]).toEqual([
    2,
    [{ path: 'line 1', message: expect.stringMatching(message) }],
  ]);
});

test('money that came back is no payment, and a status that is not known is a mistake', async () => {
  const { refundRequestId } = await run(cashier());
  const statement = path.join(folder, 'statuses.csv');
  const reconcile = async (status: string, ...more: string[]) => {
    await writeFile(statement, `Ref,Amount,State\n${refundRequestId},USD 12.34,${status}\n`);
    const columns = ['--columns', 'id=Ref,amount=Amount,status=State'];
    const { code, document } = await cli.json([
      ...['reconcile', '--since', '1h', '--statement', statement, ...columns, ...more],
      ...FAST,
    ]);
    const of = document.differences?.filter(({ line }: { line?: number }) => line === 2);
    return [code, (document.error?.issues[0].message ?? of[0]?.kind) as unknown];
  };
  for (const status of ['REVERSED', 'Declined', 'RETURNED', 'unpaid', 'FAILED'])
    expect([status, ...(await reconcile(status))]).toEqual([status, 1, 'statement-declined']);
  expect(await reconcile('Storno')).toEqual([2, expect.stringContaining(`--statuses 'Storno=paid'`)]);
  expect(await reconcile('')).toEqual([2, expect.stringContaining('is empty')]);
  expect(await reconcile('Storno', '--statuses', 'Gebucht=paid,Storno=unpaid')).toEqual([
    1,
    'statement-declined',
  ]);
  expect((await reconcile('gebucht', '--statuses', 'Gebucht=paid'))[1]).toBeUndefined();
  expect((await reconcile('Settled'))[1]).toBeUndefined();
  const wrong = await cli.run(['reconcile', '--statuses', 'Storno']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('and has "Storno"')]);
});

test('mistakes of a statement are named by line and column before anything is compared', async () => {
  const statement = path.join(folder, 'mistakes.csv');
  await writeFile(
    statement,
    'Ref,Amount,Day\nR-1,USD 1.234,\n,USD 1.00,\nR-3,"1,234.00 USD",\n2.02611E+17,USD 1,\nR-5,USD 1,2026-02-31\n',
  );
  const flags = ['reconcile', '--statement', statement, ...FAST];
  const { code, document } = await cli.json([...flags, '--columns', 'id=Ref,amount=Amount,date=Day']);
  expect(code).toBe(2);
  expect(document.error.issues.map(({ path: place }: { path: string }) => place)).toEqual([
    'line 2, column 2 (Amount)',
    'line 3, column 1 (Ref)',
    'line 4, column 2 (Amount)',
    'line 5, column 1 (Ref)',
    'line 6, column 3 (Day)',
  ]);
  const column = await cli.json([...flags, '--columns', 'id=Reference,amount=Amount']);
  expect([column.code, column.document.error.issues[0].message]).toEqual([
    2,
    'there is no such column (--columns id=Reference). The columns are: Ref, Amount, Day',
  ]);
  const field = await cli.json([...flags, '--columns', 'ref=Ref']);
  expect([field.code, field.document.error.message]).toEqual([2, expect.stringContaining('names "ref"')]);
  const alone = await cli.json(flags);
  expect(alone.code).toBe(2);
  for (const empty of ['', 'Ref,Amount\n', 'Ref,Amount\n\n']) {
    await writeFile(statement, empty);
    const { code: refused, document: said } = await cli.json([...flags, '--columns', 'id=Ref,amount=Amount']);
    expect([refused, said.error.code]).toEqual([2, 'INVALID_REQUEST']);
  }
});
