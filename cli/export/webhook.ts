import { readFileSync } from 'node:fs';
import { parseCursor } from '../../client/audit-cursor.js';
import type { AuditRecord } from '../../client/audit-record.js';
import { isReadableOnTheWay } from '../../internal/plain-http.js';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { Environment } from '../../worker/environment.js';
import { DeliveryError, StandardWebhook } from '../../worker/standard-webhook.js';
import { LinesFile } from '../batch/lines-file.js';
import { CliError } from '../failure.js';
import { notReadable } from '../file-error.js';
import type { Output } from '../output.js';

/** Sends each record as an event, and keeps the cursor of the last one that was accepted in a file. */
export class EndedWebhook {
  readonly #webhook: StandardWebhook;
  readonly #cursorFile: string;
  readonly #signal: AbortSignal;

  /** @throws ConfigurationError, or CliError where a variable is missing */
  constructor(
    env: NodeJS.ProcessEnv,
    cursorFile: string,
    { signal, output }: { signal: AbortSignal; output: Output },
  ) {
    const environment = new Environment(env);
    const url = environment.get('REFUND_ENDED_WEBHOOK_URL');
    const secret = environment.get('REFUND_ENDED_WEBHOOK_SECRET');
    if (environment.issues.length > 0) throw new ConfigurationError(environment.issues);
    if (url === undefined || secret === undefined)
      throw new CliError(
        'CONFIGURATION',
        '--webhook needs REFUND_ENDED_WEBHOOK_URL and REFUND_ENDED_WEBHOOK_SECRET. Nothing was sent.',
      );
    if (isReadableOnTheWay(url))
      output.warn('REFUND_ENDED_WEBHOOK_URL is plain http: anyone on the network can read the refunds.');
    this.#webhook = new StandardWebhook('the webhook of REFUND_ENDED_WEBHOOK_URL', { url, secret });
    this.#cursorFile = cursorFile;
    this.#signal = signal;
  }

  /** @returns undefined where the file is not there yet */
  lastCursor(): string | undefined {
    try {
      return readFileSync(this.#cursorFile, 'utf8').trim();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw notReadable(this.#cursorFile, error, 'Nothing was sent.');
    }
  }

  /**
   * The cursor is written after the receiver accepted the event. Where the process is killed between, the event is sent twice,
   * with the same `webhook-id`.
   * @throws CliError where it was not accepted
   */
  async write(record: AuditRecord): Promise<void> {
    const type = `refund.${record.kind}`;
    // A run ends once, and can be decided about several times.
    const id = record.kind === 'decided' ? `${record.runId}/${Date.parse(record.at)}` : record.runId;
    const event = { type, timestamp: record.at, data: record };
    try {
      await this.#webhook.deliver(`${type}/${id}`, event, this.#signal);
    } catch (error) {
      if (error instanceof DeliveryError) throw notAccepted(error, record);
      throw error;
    }
    const file = new LinesFile(this.#cursorFile, (line) => parseCursor(line) !== undefined);
    try {
      file.writeText(record.cursor);
      file.publish();
    } finally {
      file.close();
    }
  }
}

function notAccepted({ message, isGone }: DeliveryError, { refundRequestId }: AuditRecord): CliError {
  return new CliError(
    isGone ? 'WEBHOOK_GONE' : 'WEBHOOK_FAILED',
    `The event of refund ${refundRequestId} was not accepted: ${message}. ` +
      'The events before it were accepted; the next run continues with this one.',
  );
}
