import type { BenchRefund } from './callers.js';
import type { WorldFirstCalls } from './worldfirst-calls.js';

/** What an application and an operator do with refunds, whatever runs them. */
export interface Application {
  /**
   * Requests a refund; resolves as soon as it cannot get lost any more.
   * @param intervals the waits before its inquiries, in milliseconds
   */
  start(refund: BenchRefund, intervals: readonly number[]): Promise<void>;
  /** Waits for the end of a refund: its last status, or its error. */
  result(refundRequestId: string): Promise<string>;
  /** What its own interface says about a refund, for an operator. */
  look(refundRequestId: string): Promise<string>;
  /** Ends the wait before the next inquiry; resolves to what had to be done for it. */
  checkNow(refundRequestId: string): Promise<string>;
  /** Sends a refund again that no inquiry finds; resolves to what had to be done for it. */
  sendAgain(refund: BenchRefund): Promise<string>;
  /** Lets one go on that ended with an error; absent where none does for such a reason. */
  goOn?(refundRequestId: string): Promise<string>;
  close(): Promise<void>;
}

/** The module of a peer that an application uses. */
export interface ApplicationModule {
  openApplication(databaseUrl: string): Promise<Application>;
}

/** A later version of the code has one step more, before the sending; `patched` keeps it from refunds that are under way. */
export type CodeChange = 'unpatched' | 'patched';

/** What the worker of a peer is made from. */
export interface PeerWorkerSetup {
  databaseUrl: string;
  /** What connects it to WorldFirst. */
  env: Record<string, string>;
  /** Its name among the workers. */
  workerId: string;
  change?: CodeChange;
}

/** What a refund of a peer is made from. */
export interface PeerRefundParts {
  calls: WorldFirstCalls;
  change: CodeChange | undefined;
}
