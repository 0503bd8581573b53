// A DBOS application that runs refunds, in a process of its own.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { serve } from '../../../harness/child.js';
import type { PeerWorkerSetup } from '../../peer.js';
import { usage } from '../../usage.js';
import { createWorldFirstCalls, worldFirstClientOf } from '../../worldfirst-calls.js';
import { QUEUE, registerRefund } from './refund.js';

serve({
  ...usage,

  async start({ databaseUrl, env, workerId, change }: PeerWorkerSetup): Promise<void> {
    DBOS.setConfig({
      name: 'refunds',
      systemDatabaseUrl: databaseUrl,
      executorID: workerId,
      // With it every version of the code takes up the refunds of the others.
      enablePatching: true,
      logLevel: 'error',
    });
    registerRefund({ calls: createWorldFirstCalls(worldFirstClientOf(env)), change });
    await DBOS.launch();
    // Refunds sleep for hours in their workflows, so their number is not limited; the default interval is a second.
    await DBOS.registerQueue(QUEUE, { minPollingIntervalMs: 100 });
  },

  stop: () => DBOS.shutdown(),
});
