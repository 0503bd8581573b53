// @module-tag long
import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { RefundView } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';
import { Cli, type Program } from './cli.js';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
if (!hasPython) console.warn('skipped: a terminal of its own needs python3, which is not here');

const ENTER = '\r';
const LEFT = 'nothing was decided or changed';

describe.skipIf(!hasPython)('on a terminal', () => {
  const environment = useRefunds();
  vi.setConfig({ maxConcurrency: 4 });

  let cli: Cli;
  beforeAll(() => {
    cli = new Cli({ TEMPORAL_ADDRESS: inject('temporalAddress'), USER: 'ana' });
  });
  afterAll(() => cli.stop());

  /** A refund with an unknown result after all inquiries, which needs an operator. */
  async function stuck(): Promise<{ id: string; reference: string; view: RefundView }> {
    const request = environment.worldtrade('nobody');
    const view = await environment.run(request, { inquiryIntervals: ['1m'] });
    const { refundRequestId: id, tradeId: reference } = request;
    // The list lags behind.
    for (let isListed = false; !isListed; )
      for await (const { status } of environment.refunds.list({ reference }))
        isListed = status === 'needs-attention';
    return { id, reference, view };
  }

  const sends = (reference: string) =>
    environment.sandbox.journal.entries.filter(
      (entry) => entry.api === 'applyRefund' && entry.reference === reference,
    ).length;

  const linesOf = (screen: string) => stripVTControlCharacters(screen).trimEnd().split(/\r?\n/);

  describe.concurrent('the output', () => {
    test('the list has colours, but not with NO_COLOR, and never in a pipe', async () => {
      const { id, reference } = await stuck();
      const args = ['list', '--reference', reference];
      const { code, stdout } = await cli.open(args).ended;
      expect(code).toBe(0);
      expect(stdout).toContain(id);
      expect(stdout).toContain('\u001b[33mneeds-attention');
      const plain = await cli.open(args, { env: { NO_COLOR: '1' } }).ended;
      expect(plain.stdout).toContain(id);
      expect(plain.stdout).not.toContain('\u001b');
      expect((await cli.run(args)).stdout).not.toContain('\u001b');
    });

    test('the list is aligned, and not wider than the terminal', async () => {
      const { id, reference } = await stuck();
      const { stdout } = await cli.open(['list', '--reference', reference], { columns: 80 }).ended;
      const [head = '', row = ''] = linesOf(stdout);
      expect(row).toMatch(new RegExp(`^${id} +needs-attention +trade.*…`));
      expect(row.indexOf('needs-attention')).toBe(head.indexOf('STATUS'));
      expect(row.indexOf('trade')).toBe(head.indexOf('REFERENCE'));
      expect(row.indexOf('unknown-after')).toBe(head.indexOf('REASON'));
      expect(Math.max(head.length, row.length)).toBeLessThanOrEqual(80);
    });

    test('a refund fits into 80 columns, and ends with the commands for a decision', async () => {
      const { id } = await stuck();
      const { stdout } = await cli.open(['show', id], { columns: 80 }).ended;
      const lines = linesOf(stdout);
      for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
      const decide = lines.findIndex((line) => line.trim() === `worldfirst-refunds decide ${id}`);
      expect(decide).toBeGreaterThan(lines.length - 6);
    });

    test('the list in JSON lines is one document a line, on a terminal too', async () => {
      const { id, reference } = await stuck();
      const { stdout } = await cli.open(['list', '--reference', reference, '--json-lines']).ended;
      expect(JSON.parse(stdout)).toMatchObject({ refundRequestId: id, status: 'needs-attention' });
      expect(stdout.trim()).not.toMatch(/[\r\n]/);
    });
  });

  describe.concurrent('decide without a decision', () => {
    test('shows the refund and the possible decisions, asks for missing values, and decides only after a yes', async () => {
      const { id, reference } = await stuck();
      const sent = sends(reference);
      const program = cli.open(['decide', id]);
      await program.says('❯ inquire-again');
      program.press('mark-f');
      await program.says('❯ mark-failed');
      program.press(ENTER);
      await program.says('Your name: (ana)');
      program.press(ENTER);
      await program.says('Reason for this decision:');
      program.press(ENTER);
      await program.says('Required: it is written');
      program.press(`support found none${ENTER}`);
      await program.says('Evidence, such as');
      program.press(`case 4711${ENTER}`);
      await program.says('? (y/N)');
      expect((await environment.refunds.describe(id)).attention).toBeDefined();
      program.press(`y${ENTER}`);

      const { code, stdout } = await program.ended;
      expect(code).toBe(0);
      const screen = linesOf(stdout).join('\n');
      expect(screen).toContain('Needs an operator: unknown-after-all-inquiries');
      expect(screen).toContain(`Apply mark-failed to ${id} (USD 100.00)?`);
      expect(screen).toMatch(/Closes the refund as failed\. Does not stop/);
      expect(screen).not.toContain('send-with-new-id');
      expect(screen).toMatch(new RegExp(`^${id} {2}failed$`, 'm'));
      expect((await environment.refunds.describe(id)).outcome).toMatchObject({
        status: 'failed',
        by: 'ana',
        reason: 'support found none',
        evidence: 'case 4711',
      });
      expect(sends(reference)).toBe(sent);
    });

    test('asks only for values that the command line does not have', async () => {
      const { id } = await stuck();
      const given = ['mark-succeeded', '--by', 'ben', '--reason', 'the statement has it'];
      const program = cli.open(['decide', id, ...given]);
      await program.says('Evidence, such as');
      program.press(`statement 7${ENTER}`);
      await program.says('? (y/N)');
      program.press(`y${ENTER}`);
      const { code, stdout } = await program.ended;
      expect(code).toBe(0);
      expect(stdout).not.toContain('Your name');
      expect((await environment.refunds.describe(id)).outcome).toMatchObject({
        by: 'ben',
        evidence: 'statement 7',
      });
    });

    const leave: [string, string, (program: Program) => Promise<unknown>][] = [
      ['Ctrl-C', '\u0003', async () => {}],
      ['Esc', '\u001b', async () => {}],
      ['Ctrl-D', '\u0004', async () => {}],
      ['Ctrl-C while typing the reason', '\u0003', (program) => answered(program, 'Your name')],
      ['no', ENTER, (program) => answered(program, 'Your name', 'Reason for')],
    ];
    test.each(leave)('changes nothing after %s', async (_, keys, first) => {
      const { id, view, reference } = await stuck();
      const sent = sends(reference);
      const program = cli.open(['decide', id]);
      await program.says('❯ inquire-again');
      await first(program);
      program.press(keys);
      const { code, stdout } = await program.ended;
      expect(stdout).toContain(LEFT);
      expect(code).toBe(130);
      expect(await environment.refunds.describe(id)).toEqual(view);
      expect(sends(reference)).toBe(sent);
    });

    /** Takes the first decision, and answers these questions. */
    async function answered(program: Program, ...questions: string[]): Promise<void> {
      program.press(ENTER);
      for (const question of questions) {
        await program.says(question);
        program.press(`a word${ENTER}`);
      }
      await program.says(questions.length > 1 ? '? (y/N)' : 'Reason for');
    }

    test('names the other operator who has decided, and sends nothing', async () => {
      const { id } = await stuck();
      const program = cli.open(['decide', id, 'send-again', '--by', 'ana']);
      await program.says('Reason for');
      const closing = { by: 'ben', reason: 'seen on the statement', evidence: 'statement 7' };
      await environment.refunds.decide(id, { decision: 'mark-succeeded', ...closing });
      program.press(`try again${ENTER}`);
      await program.says('? (y/N)');
      program.press(`y${ENTER}`);
      const { code, stdout } = await program.ended;
      expect(code).toBe(1);
      expect(linesOf(stdout).join(' ')).toMatch(
        /has ended as succeeded: ben decided mark-succeeded.* at \d{4}-/,
      );
    });

    test('sends nothing if the refund has continued and needs an operator again', async () => {
      const { id } = await stuck();
      const program = cli.open(['decide', id, 'send-again', '--by', 'ana']);
      await program.says('Reason for');
      const since = (await environment.refunds.describe(id)).attention?.since;
      await environment.refunds.decide(id, { decision: 'inquire-again', by: 'ben', reason: 'once more' });
      await environment.refunds.escalate(id, { by: 'ben', reason: 'the customer called' });
      const now = await environment.until(id, ({ attention }) => attention !== undefined);
      expect(now.attention?.since).not.toBe(since);
      program.press(`try again${ENTER}`);
      await program.says('? (y/N)');
      program.press(`y${ENTER}`);
      const { code, stdout } = await program.ended;
      expect(code).toBe(1);
      expect(linesOf(stdout).join(' ')).toContain('the refund changed while you were deciding');
      expect((await environment.refunds.describe(id)).attention).toEqual(now.attention);
    });

    test('asks nothing for a refund that needs no operator', async () => {
      const id = await environment.begin(environment.worldtrade('unknown-3'));
      await environment.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
      const { code, stdout } = await cli.open(['decide', id]).ended;
      expect(code).toBe(1);
      expect(linesOf(stdout).join(' ')).toContain('not waiting for a decision; escalate it first');
    });
  });

  test.each([
    ['y', 0, 1],
    ['n', 130, 0],
  ])('deciding about many asks before it does: %s', async (answer, exitCode, decided) => {
    const { id, reference } = await stuck();
    const which = ['--all', '--attention', 'unknown-after-all-inquiries', '--reference', reference];
    const why = ['--by', 'ana', '--reason', 'it is up again'];
    const program = cli.open(['decide', ...which, 'inquire-again', ...why]);
    await program.says('Apply inquire-again to 1 refund, USD 100.00 in all? (y/N)');
    program.press(`${answer}${ENTER}`);
    const { code, stdout } = await program.ended;
    expect(code).toBe(exitCode);
    expect(linesOf(stdout).join(' ')).toContain(decided ? 'decided inquire-again for 1 of 1 refund' : LEFT);
    const { timeline } = await environment.refunds.describe(id);
    expect(timeline.filter(({ event }) => event === 'decision')).toHaveLength(decided);
  });
});
