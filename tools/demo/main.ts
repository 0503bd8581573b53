// Runs nine refunds of both products on a real Temporal server, with WorldFirst's documented intervals in skipped time:
// `npm run demo`. With `-- --stay` everything keeps running; `-- --temporal cluster` uses a cluster.
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { RefundClient } from 'worldfirst-refunds';
import { startLocalRefunds, TimeSkipper } from 'worldfirst-refunds/testing';
import { aborted, stopSignal } from '../../cli/stop-signal.js';
import { openTemporal, type TemporalChoice, withTemporalFlags } from '../harness/temporal.js';
import { mistakesOf } from './check.js';
import { colors } from './colors.js';
import { follow } from './follow.js';
import { DEMO_REFUNDS } from './refunds.js';
import { openScreen } from './screen.js';

// The worker's own lines would break the table, and this script handles Ctrl-C itself.
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const { stay, ...choice } = withTemporalFlags(new Command('npm run demo --'))
  .description(
    'Runs nine refunds of both products side by side, with the documented intervals in skipped time.',
  )
  .option('--stay', 'leaves everything running afterwards, to look around', false)
  .parse()
  .opts<TemporalChoice & { stay: boolean }>();
const say = (line: string) => console.log(line);

/** Nothing has been refunded yet, so there is nothing to tell but why. */
const leave = (error: Error): never => {
  console.error(`error: ${error.message}`);
  process.exit(5);
};

const temporal = await openTemporal(choice, { ui: true, timeSkipping: true, onProgress: say }).catch(leave);
const { address, namespace } = temporal;
// A worker of somebody else's on that server must not take the refunds of the demo.
const taskQueue: Record<string, string> =
  choice.address === undefined ? {} : { REFUND_TASK_QUEUE: 'refund-demo' };
const local = await startLocalRefunds({
  temporal: { address, namespace },
  env: { WORLDFIRST_TIMEOUT: '3s', ...taskQueue },
}).catch(async (error: Error) => {
  await temporal.stop();
  return leave(error);
});
const webUi = temporal.uiUrl && `${temporal.uiUrl}/namespaces/${namespace}/workflows`;
try {
  say(`WorldFirst: a sandbox at ${local.sandbox.url}`);
  if (webUi) say(`Temporal's Web UI: ${colors.underline(webUi)}`);
  say('');

  const refunds = new RefundClient(local.client, { taskQueue: local.taskQueue });
  const skipping = new TimeSkipper(local.client);
  const screen = openScreen(DEMO_REFUNDS);
  const views = await Promise.all(
    DEMO_REFUNDS.map((demo) => follow(demo, refunds, skipping, local.client, (view) => screen.show(view))),
  );
  screen.close();

  const { asked, moved, movements } = local.sandbox.journal.sum();
  const mistakes = mistakesOf(DEMO_REFUNDS, views, local.sandbox.journal);
  say('');
  say(`WorldFirst's journal: ${asked} refunds asked for, ${moved} moved money, ${movements} movements.`);
  for (const mistake of mistakes) say(colors.red(mistake));
  say(
    mistakes.length === 0 ? colors.green('Every refund ended as it should, and no money moved twice.') : '',
  );
  if (mistakes.length > 0) process.exitCode = 1;

  if (stay) {
    say(`\nEverything is still running. Web UI: ${webUi ?? 'that of your Temporal server'}`);
    say(`Command line:  export TEMPORAL_ADDRESS=${address}`);
    say('               npx worldfirst-refunds list --status needs-attention');
    say('Ctrl-C ends it.');
    await aborted(stopSignal());
  }
} finally {
  await local.stop();
  await temporal.stop();
}
