import { readFile, stat } from 'node:fs/promises';
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

test('a development server with its data in a file keeps it on disk while it runs, and removes it', async () => {
  vi.stubEnv('TEMPORAL_ADDRESS', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const temporal = await openTemporal(chosenBy('--temporal', 'dev-file'));
  expect(temporal).toMatchObject({ kind: 'dev-file' });
  const [pid] = temporal.pids();
  // Absent where the system does not show it.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const file = /\0--db-filename\0([^\0]+)\0/.exec(command)?.[1];
  if (file !== undefined) expect((await stat(file)).size).toBeGreaterThan(0);
  expect(command).not.toContain('synchronous=OFF');
  await temporal.stop();
  if (file !== undefined) await expect(stat(file)).rejects.toThrow('ENOENT');
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
