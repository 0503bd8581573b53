import { describe, expect, onTestFinished, test } from 'vitest';
import { checkFaultPlan, plannedFault } from '../../testing/sandbox/fault-plan.js';
import { FAULTS, type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
import { receiver, until } from './notification-receiver.js';
import { clientOf, refundBody } from './raw-client.js';
import { useKeys } from './shared-keys.js';

const keys = useKeys();

async function start(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox({
    ...keys,
    slow: 0,
    closeAfter: 0,
    resendAfter: Array(7).fill(5),
    ...options,
  });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

const calls = Array.from({ length: 2_000 }, (_, index) => ({
  api: 'inquireRefund' as const,
  id: `r-${Math.floor(index / 4)}`,
  number: 1 + (index % 4),
}));

describe('a fault plan', () => {
  test('gives a fault to its share of the calls, with every fault and both phases', () => {
    const struck = calls.flatMap((call) => plannedFault({ seed: 7, share: 0.3 }, call) ?? []);
    expect(struck.length / calls.length).toBeCloseTo(0.3, 1);
    expect(new Set(struck.map(({ fault }) => fault))).toEqual(new Set(FAULTS.map(({ word }) => word)));
    const before = struck.filter(({ phase }) => phase === 'before');
    // Faults with a valid signature come after the effect only; half of the others come before it.
    expect(before.length / struck.length).toBeCloseTo(0.26, 1);
  });

  test('gives no faults with a share of 0, and a fault to every call with a share of 1', () => {
    const struck = (share: number) => calls.filter((call) => plannedFault({ seed: 7, share }, call)).length;
    expect([struck(0), struck(1)]).toEqual([0, calls.length]);
  });

  test('gives other faults for another seed, API, id or number of the call', () => {
    const call = { api: 'refund', id: 'r-1', number: 1 } as const;
    const faults = (of: (index: number) => unknown[]) =>
      new Set(Array.from({ length: 50 }, (_, index) => JSON.stringify(of(index)))).size;
    expect(faults((seed) => [plannedFault({ seed, share: 1 }, call)])).toBeGreaterThan(5);
    expect(
      faults((index) => [plannedFault({ seed: 7, share: 1 }, { ...call, id: `r-${index}` })]),
    ).toBeGreaterThan(5);
    expect(faults((number) => [plannedFault({ seed: 7, share: 1 }, { ...call, number })])).toBeGreaterThan(5);
    const other = { ...call, api: 'applyRefund' } as const;
    expect(plannedFault({ seed: 7, share: 1 }, other)).not.toEqual(plannedFault({ seed: 7, share: 1 }, call));
  });

  test('gives faults with a valid signature after the effect only', () => {
    const all = calls.flatMap((call) => plannedFault({ seed: 7, share: 1 }, call) ?? []);
    const before = new Set(all.flatMap(({ fault, phase }) => (phase === 'before' ? [fault] : [])));
    expect(before).toContain('dropped');
    expect(before).toContain('unsigned');
    expect(before).toContain('slow');
    expect(before).not.toContain('wrong-id');
    expect(before).not.toContain('wrong-amount');
  });

  test('gives only the faults of its list', () => {
    const plan = { seed: 7, share: 1, only: ['html', 'cutoff'] } as const;
    expect(new Set(calls.map((call) => plannedFault(plan, call)?.fault))).toEqual(new Set(plan.only));
  });

  test.each([
    [{ seed: 1.5, share: 0.3 }, 'faults.seed'],
    [{ seed: 7, share: 1.3 }, 'faults.share'],
    [{ seed: 7, share: Number.NaN }, 'faults.share'],
    [{ seed: 7, share: 0.3, only: [] }, 'faults.only'],
    [{ seed: 7, share: 0.3, only: ['dropt' as never] }, 'There is no fault "dropt"'],
  ])('the plan %j is refused', (plan, mistake) => {
    expect(() => checkFaultPlan(plan)).toThrow(mistake);
  });
});

describe('a sandbox with a fault plan', () => {
  const plan = { seed: 7, share: 0.5, only: ['html', 'badgateway', 'unsigned', 'slow'] } as const;
  const ids = Array.from({ length: 12 }, (_, index) => `pay-${index}`);

  /** The fault of each request, in an order that does not depend on the order of arrival. */
  const met = ({ journal }: Sandbox) =>
    journal.entries.map(({ api, id, fault }) => `${api} ${id} ${fault ?? 'none'}`).toSorted();

  test('gives the same faults whatever the order of the calls', async () => {
    const [one, two] = await Promise.all([start({ faults: plan }), start({ faults: plan })]);
    const client = clientOf(one);
    for (const id of ids) {
      await client.refund(refundBody(id));
      await client.refund(refundBody(id));
      await client.inquire(`r-${id}`);
    }
    const other = clientOf(two);
    await Promise.all(
      ids.toReversed().map(async (id) => {
        await Promise.all([other.refund(refundBody(id)), other.inquire(`r-${id}`)]);
        await other.refund(refundBody(id));
      }),
    );
    expect(met(two)).toEqual(met(one));
    expect(new Set(one.journal.entries.map(({ fault }) => fault)).size).toBeGreaterThan(4);
  });

  test('carries a request out under a fault after its effect, and not under a fault before it', async () => {
    const sandbox = await start({ faults: { ...plan, share: 1, only: ['html'] } });
    const client = clientOf(sandbox);
    for (const id of ids) await client.refund(refundBody(id));
    const after = sandbox.journal.entries.filter(({ fault }) => fault === 'html-after');
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThan(ids.length);
    expect(sandbox.journal.movements.map(({ id }) => id)).toEqual(after.map(({ id }) => id));
  });

  test('applies scenario words and rules of the test before the plan', async () => {
    const sandbox = await start({ faults: { ...plan, share: 1, only: ['html'] } });
    const client = clientOf(sandbox);
    sandbox.when({ api: 'refund', id: 'r-pay-1' }, { fault: 'badgateway', phase: 'before' });
    await client.refund(refundBody('pay-1'));
    await client.refund(refundBody('pay-2-unsigned-after'));
    expect(sandbox.journal.entries.map(({ fault }) => fault)).toEqual([
      'badgateway-before',
      'unsigned-after',
    ]);
  });

  test('refuses to start with an invalid plan', async () => {
    await expect(startSandbox({ faults: { seed: 7, share: 30 } })).rejects.toThrow('faults.share');
  });

  test('resends notifications that a proxy refused, until each order is acknowledged', async () => {
    const sandbox = await start({ faults: { seed: 7, share: 0.6, only: ['badgateway', 'duplicated'] } });
    const { url } = await receiver(sandbox);
    sandbox.notifyTo(url);
    // Rules of the test come before the plan, and `slow` takes no time here: every call succeeds.
    for (const api of ['queryTradeOrder', 'applyRefund'] as const)
      sandbox.when({ api, times: Number.POSITIVE_INFINITY }, { fault: 'slow', phase: 'before' });
    const client = clientOf(sandbox);
    const trades = Array.from({ length: 8 }, (_, index) => `trade-${index}-closes`);
    for (const trade of trades) await client.apply(await client.applyBody(trade));
    const { journal } = sandbox;
    await until(() =>
      trades.every((trade) => journal.notified(trade).some(({ acknowledged }) => acknowledged)),
    );
    const faults = new Set(journal.notified().map(({ fault }) => fault));
    expect(faults).toContain('badgateway-before');
    expect(faults).toContain('duplicated-after');
  });
});
