import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { openTemporal, type TemporalChoice, withTemporalFlags } from '../../tools/harness/temporal.js';

test('a namespace that holds workflows is refused, unless --shared-namespace allows it', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', inject('temporalAddress'));
  onTestFinished(() => void vi.unstubAllEnvs());
  await startWorkflowWithoutWorker();
  await expect(openTemporal(chosenBy())).rejects.toThrow(
    /^The namespace default at 127\.0\.0\.1:\d+ holds \d+ workflows\. .* --namespace, .* --shared-namespace\.$/,
  );
  const temporal = await openTemporal(chosenBy('--shared-namespace'));
  expect(temporal).toMatchObject({ address: inject('temporalAddress'), namespace: 'default' });
  expect(temporal.pids()).toEqual([]);
  await temporal.stop();
});

test('a server at --address with a namespace that is not there is an error, and no server is started', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const choice = chosenBy('--address', inject('temporalAddress'), '--namespace', 'elsewhere');
  await expect(openTemporal(choice)).rejects.toThrow(/cannot be used with namespace elsewhere/);
});

/** What the flags of a command line choose. */
function chosenBy(...flags: string[]): TemporalChoice {
  return withTemporalFlags(new Command()).parse(flags, { from: 'user' }).opts<TemporalChoice>();
}

async function startWorkflowWithoutWorker(): Promise<void> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { workflow } = new Client({ connection });
  const workflowId = `foreign-${process.pid}`;
  const handle = await workflow.start('foreign', { workflowId, taskQueue: workflowId });
  onTestFinished(async () => {
    await handle.terminate();
    await connection.close();
  });
  await vi.waitFor(async () => expect((await workflow.count()).count).toBeGreaterThan(0), {
    timeout: 20_000,
  });
}
