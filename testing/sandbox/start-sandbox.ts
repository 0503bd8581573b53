import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { admit, type Received } from './admission.js';
import { type EffectRecorder, handleCall } from './call-handler.js';
import { type Behaviour, type Hold, Rules, type Where } from './call-rules.js';
import { Closures } from './closures.js';
import { type Delivery, deliver, page, type SignAnswer } from './delivery.js';
import { checkFaultPlan, type FaultPlan, plannedFault } from './fault-plan.js';
import type { Phase } from './faults.js';
import { type EntryPosition, Journal, type JournalEntry } from './journal.js';
import { journalEntryOf } from './journal-entry.js';
import { type Fixture, Ledger } from './ledger.js';
import { bodyOf, LoopbackServer } from './loopback-server.js';
import { PATH_PREFIX } from './operations.js';
import { restoreState } from './restore-state.js';
import { sandboxKeys } from './sandbox-keys.js';
import { type Closure, type NotificationAnswer, sendNotification } from './send-notification.js';
import { signatureOf } from './signing.js';
import { NO_STATE_FILE, openStateFile } from './state-file.js';

/** How a sandbox is started; nothing is needed. */
export interface SandboxOptions {
  /** 0, and so any free one, when absent. */
  port?: number;
  /** How long every answer takes, in milliseconds; 0 when absent. */
  delay?: number;
  /** How long `slow` takes, in milliseconds; 3000 when absent. */
  slow?: number;
  /** Where the keys are kept for the next start; in memory only when absent. */
  keysDir?: string;
  /** Where closure notifications go: the `orderResultNotifyUrl` of every order. Nowhere when absent. */
  notifyUrl?: string;
  /**
   * After what time a notification that is not acknowledged comes again, in milliseconds, each after the one before.
   * WorldFirst's when absent: 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h.
   */
  resendAfter?: readonly number[];
  /** How long after its refund was taken an order is closed whose words say so, in milliseconds; 1000 when absent. */
  closeAfter?: number;
  /** Faults that strike by themselves, reproducible by a seed; none when absent. What words or a test place on a call comes first. */
  faults?: FaultPlan;
  /**
   * Where everything that happens is kept for the next start, also when the process is killed; in memory only when absent.
   * What a test placed by `when` and `hold` is not kept. Keep the keys too, with `keysDir`. One sandbox at a time.
   */
  stateFile?: string;
}

/** A WorldFirst on loopback. */
export interface Sandbox {
  /** Scheme, host and port. */
  readonly url: string;
  /** What connects a client to it: `WORLDFIRST_BASE_URL`, client id, keys and the rest of the configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** Every request and every movement of money; also served at `GET /journal`. */
  readonly journal: Journal;
  /** Describes an order or payment, where the words of its id are not enough. */
  addFixture(fixture: Fixture): void;
  /** Places a fault, a code or any answer on the next call (or calls) that it is for. Before anything that words place. */
  when(where: Where, behaviour: Behaviour): void;
  /** Makes the next call wait for the test, before or after its effect. */
  hold(where: Omit<Where, 'times'>, phase: Phase): Hold;
  /** Goes away: connections are refused, and those that there are are ended. */
  refuseConnections(): Promise<void>;
  /** Comes back under the same port. */
  acceptConnections(): Promise<void>;
  /** Sets where closure notifications go from now on, those that come again too; nowhere when undefined. */
  notifyTo(url: string | undefined): void;
  /** Sends a closure notification, once, and says whether it was acknowledged. */
  notify(closure: Closure): Promise<NotificationAnswer>;
  /** Ends it with all its connections. */
  stop(): Promise<void>;
}

const CLIENT_ID = 'SANDBOX_5Y60382Z3SLV02387';
const KEY_VERSION = '2';

/**
 * Starts a WorldFirst that only this machine can reach: stateful, signed, with its own keys.
 *
 * @example
 * const sandbox = await startSandbox();
 * // … refund the trade "trade-dropped-after" with a client that is configured by sandbox.env …
 * sandbox.journal.sum(); // { asked: 1, moved: 1, movements: 1, movedTwice: [], changedBodies: [] }
 * await sandbox.stop();
 *
 * @throws when the port is in use, a key in `keysDir` or the `stateFile` can't be read, or `faults` are none
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, delay = 0, slow = 3_000, keysDir, notifyUrl, resendAfter, closeAfter, faults } = options;
  if (faults) checkFaultPlan(faults);
  const keys = await sandboxKeys(keysDir);
  const partner = { clientId: CLIENT_ID, publicKey: keys.partnerPublicKey };
  const journal = new Journal();
  const rules = new Rules();
  const state = options.stateFile === undefined ? NO_STATE_FILE : openStateFile(options.stateFile);
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal });
  const parties = { ...keys, clientId: CLIENT_ID, keyVersion: KEY_VERSION };
  const closures = new Closures({
    notifyUrl,
    resendAfter,
    closeAfter,
    journal,
    state,
    planned: (id, number) => faults && plannedFault(faults, { api: 'notification', id, number }),
    pause,
    send: (closure) =>
      sendNotification(closure, { parties, stopping: stopping.signal, slow: () => pause(slow) }),
  });
  const ledger = new Ledger(journal, ({ reference, plan }) => {
    const { closing, notifying } = plan;
    if (closing) closures.close(reference, { ...closing, ...(notifying && { fault: notifying }) });
  });
  restoreState(state.lines, { ledger, journal, rules });
  const context = { ledger, rules, slow: () => pause(slow) };

  async function answer(received: Received, entry: JournalEntry, noted: EntryPosition): Promise<Delivery> {
    const admission = admit(received, partner);
    if ('rejection' in admission) return admission.rejection;
    const { api, body } = admission;
    const { index: request, number } = noted;
    const id = entry.id ?? entry.reference ?? '';
    const planned = faults && plannedFault(faults, { api, id, number });
    const recorder: EffectRecorder = {
      fault(name, fromWords) {
        entry.fault = name;
        state.write({ request, fault: name, fromWords });
      },
      effect: (what) => state.write({ request, effect: what, at: new Date().toISOString() }),
    };
    return await handleCall(api, body, context, recorder, planned);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    if (method === 'GET' && url === '/journal') {
      response.setHeader('Content-Type', 'application/json; charset=UTF-8');
      response.end(JSON.stringify(journal));
      return;
    }
    const body = await bodyOf(request);
    if (body === undefined) {
      response.destroy();
      return;
    }
    const received = { method, path: url, headers, body };
    const entry = journalEntryOf(received);
    const noted = journal.add(entry);
    state.write({ arrived: entry });
    const delivery = await answer(received, entry, noted);
    if (delay > 0) await pause(delay);
    if (delivery.kind === 'answer') {
      const { status, body, signedBy } = delivery;
      entry.answer = { status, body, signedBy };
      state.write({ request: noted.index, answer: entry.answer });
    }
    await deliver(response, delivery, signerFor(url));
  }

  function signerFor(path: string): SignAnswer {
    return async (answer) => {
      const { time, signature } = await signatureOf(answer, path, parties);
      return { 'Client-Id': CLIENT_ID, 'Response-Time': time, ...signature };
    };
  }

  const server = new LoopbackServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A pause that stop() ended is no failure, and its connection is gone already.
      if (stopping.signal.aborted || response.headersSent) {
        response.destroy();
        return;
      }
      return deliver(response, page(500, `The sandbox failed: ${error}`), async () => ({}));
    });
  }, port);
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
    async stop() {
      stopping.abort();
      await server.close();
    },
  };
}
