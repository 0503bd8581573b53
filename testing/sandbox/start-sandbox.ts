import { setTimeout as sleep } from 'node:timers/promises';
import { Rules } from './call-rules.js';
import { Closures } from './closures.js';
import { checkFaultPlan, plannedFault } from './fault-plan.js';
import { Journal } from './journal.js';
import { Ledger } from './ledger.js';
import { LoopbackServer } from './loopback-server.js';
import { PATH_PREFIX } from './paths.js';
import { restoreState } from './restore-state.js';
import type { Sandbox, SandboxOptions } from './sandbox-api.js';
import { sandboxKeys } from './sandbox-keys.js';
import { sendNotification } from './send-notification.js';
import { serveRequests } from './serve-requests.js';
import { signatureOf, signedMessage } from './signing.js';
import { NO_STATE_FILE, openStateFile } from './state-file.js';

const CLIENT_ID = 'SANDBOX_5Y60382Z3SLV02387';
const KEY_VERSION = '2';

/**
 * Starts a local WorldFirst that only this machine can reach. It keeps state, verifies and signs, and has its own keys.
 *
 * @example
 * const sandbox = await startSandbox();
 * // … refund the trade "trade-dropped-after" with a client that is configured by sandbox.env …
 * sandbox.journal.sum(); // { asked: 1, moved: 1, movements: 1, movedTwice: [], changedBodies: [] }
 * await sandbox.stop();
 *
 * @throws when the port is in use, `faults` are invalid, or ({@link SandboxFileError}) a key file or `stateFile` cannot be used
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, delay = 0, slow: slowMs = 3_000, keysDir, stateFile, faults } = options;
  if (faults) checkFaultPlan(faults);
  const keys = await sandboxKeys(keysDir);
  const journal = new Journal();
  const rules = new Rules();
  const state = stateFile === undefined ? NO_STATE_FILE : openStateFile(stateFile);
  const stop = new AbortController();
  const { signal: stopping } = stop;
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping });
  const slow = () => pause(slowMs);
  const parties = { ...keys, clientId: CLIENT_ID, keyVersion: KEY_VERSION };
  const closures = new Closures({
    notifyUrl: options.notifyUrl,
    resendAfter: options.resendAfter,
    closeAfter: options.closeAfter,
    journal,
    state,
    planned: (id, number) => faults && plannedFault(faults, { api: 'notification', id, number }),
    pause,
    send: (closure) => sendNotification(closure, { parties, stopping, slow }),
  });
  const ledger = new Ledger(journal, ({ reference, plan: { closing, notifying } }) => {
    if (closing) closures.close(reference, closing, notifying);
  });
  restoreState(state.lines, { ledger, journal, rules });
  const listener = serveRequests({
    partner: { clientId: CLIENT_ID, publicKey: keys.partnerPublicKey },
    ledger,
    rules,
    journal,
    state,
    planned: (api, id, number) => faults && plannedFault(faults, { api, id, number }),
    slow,
    delay: async () => (delay > 0 ? pause(delay) : undefined),
    signerFor: (path) => async (answer) => {
      const { time, signature } = await signatureOf(answer, path, parties);
      return { 'Client-Id': CLIENT_ID, 'Response-Time': time, ...signature };
    },
    stopping,
  });
  const server = new LoopbackServer(listener, port);
  await server.open();

  return {
    url: server.url,
    env: {
      WORLDFIRST_BASE_URL: server.url,
      WORLDFIRST_PATH_PREFIX: PATH_PREFIX,
      WORLDFIRST_CLIENT_ID: CLIENT_ID,
      ...keys.env,
      WORLDFIRST_KEY_VERSION: KEY_VERSION,
    },
    journal,
    addFixture(fixture) {
      ledger.addFixture(fixture);
      state.write({ fixture });
    },
    when: (where, behaviour) => rules.when(where, behaviour),
    hold: (where, phase) => rules.hold(where, phase),
    refuseConnections: () => server.close(),
    acceptConnections: () => server.open(),
    notifyTo: (url) => closures.notifyTo(url),
    notify: (closure) => closures.notify(closure),
    signedNotification: (content, path = '/worldfirst/notifications') =>
      signedMessage(JSON.stringify(content), path, parties),
    async stop() {
      stop.abort();
      await server.close();
    },
  };
}
