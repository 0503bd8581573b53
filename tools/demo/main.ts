// Nine refunds of both products side by side on a real Temporal server, with WorldFirst's documented intervals in
// skipped time: `npm run demo`, or `npm run demo -- --stay` to look around afterwards.
import { once } from 'node:events';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { RefundClient } from 'worldfirst-refunds';
import { startLocalRefunds, TimeSkipper } from 'worldfirst-refunds/testing';
import { mistakesOf } from './check.js';
import { colors } from './colors.js';
import { follow } from './follow.js';
import { DEMO_REFUNDS } from './refunds.js';
import { openScreen } from './screen.js';

// The worker's own lines would tear the table, and Ctrl-C is for this script to heed.
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const stay = process.argv.includes('--stay');
const say = (line: string) => console.log(line);

const local = await startLocalRefunds({
  temporal: { useTemporalAddress: true, ui: true, timeSkipping: true, onProgress: say },
  env: { WORLDFIRST_TIMEOUT: '3s' },
});
const webUi =
  local.temporal.uiUrl && `${local.temporal.uiUrl}/namespaces/${local.temporal.namespace}/workflows`;
try {
  say(`WorldFirst: a sandbox at ${local.sandbox.url}`);
  if (webUi) say(`Temporal's Web UI: ${colors.underline(webUi)}`);
  say('');

  const refunds = new RefundClient(local.client);
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
    say(`\nEverything is still running. Look around in the Web UI: ${webUi ?? 'of your Temporal server'}`);
    say(`or with the command line:  export TEMPORAL_ADDRESS=${local.temporal.address}`);
    say('                           npx worldfirst-refunds list --status needs-attention');
    say('Ctrl-C ends it.');
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  }
} finally {
  await local.stop();
}
