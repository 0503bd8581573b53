import type { SignedMessage } from '../../worldfirst/signature.js';
import type { Fixture } from './account.js';
import type { Behaviour, Hold, Where } from './call-rules.js';
import type { FaultPlan } from './fault-plan.js';
import type { Phase } from './faults.js';
import type { Journal } from './journal.js';
import type { Closure, NotificationAnswer } from './send-notification.js';

/** The options of {@link startSandbox}. All are optional. */
export interface SandboxOptions {
  /** The port; 0, any free port, when absent. */
  port?: number;
  /** The delay of every answer in milliseconds; 0 when absent. */
  delay?: number;
  /** The delay of the fault `slow` in milliseconds; 3000 when absent. */
  slow?: number;
  /** The directory that keeps the keys for the next start; in memory only when absent. */
  keysDir?: string;
  /** The `orderResultNotifyUrl` of every order. No closure notification is sent when absent. */
  notifyUrl?: string;
  /**
   * The waits between the resends of a notification that is not acknowledged, in milliseconds.
   * WorldFirst's when absent: 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h.
   */
  resendAfter?: readonly number[];
  /** The time between an accepted refund and the closure of its order (scenario word `closes`) in milliseconds; 1000 when absent. */
  closeAfter?: number;
  /** Random faults that a seed reproduces; none when absent. Scenario words and `when` come before them. */
  faults?: FaultPlan;
  /**
   * The file that keeps everything that happens for the next start, even if the process is killed; in memory only when
   * absent. Behaviours of `when` and `hold` are not kept. Keep the keys too, with `keysDir`. One sandbox at a time can use
   * the file.
   */
  stateFile?: string;
}

/** A running sandbox: WorldFirst's API on loopback. */
export interface Sandbox {
  /** Scheme, host and port. */
  readonly url: string;
  /** The environment variables that connect a client to the sandbox: `WORLDFIRST_BASE_URL`, client id, keys and so on. */
  readonly env: Readonly<Record<string, string>>;
  /** Every request and every movement of money. `GET /journal` serves it too. */
  readonly journal: Journal;
  /** Describes an order or payment when the words of its id are not enough. */
  addFixture(fixture: Fixture): void;
  /** Sets a fault, a code or any answer for the next calls. It comes before scenario words. */
  when(where: Where, behaviour: Behaviour): void;
  /** Holds the next call until the test releases it, before or after its effect. */
  hold(where: Omit<Where, 'times'>, phase: Phase): Hold;
  /** Refuses new connections and ends open ones. */
  refuseConnections(): Promise<void>;
  /** Accepts connections again, on the same port. */
  acceptConnections(): Promise<void>;
  /** Sets the URL of all further closure notifications, resends too. No notification is sent when undefined. */
  notifyTo(url: string | undefined): void;
  /** Sends a closure notification once. */
  notify(closure: Closure): Promise<NotificationAnswer>;
  /** A closure notification as WorldFirst would sign it, for `RefundClient.notifyOrderClosed`. */
  signedNotification(content: { tradeId: string; isRefund: 'Y' | 'N' }, path?: string): SignedMessage;
  /** Stops the sandbox and ends its connections. */
  stop(): Promise<void>;
}
