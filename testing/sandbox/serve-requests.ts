import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Operation } from '../../worldfirst/result-codes.js';
import { admit, type Partner, type Received } from './admission.js';
import { type CallContext, handleCall } from './call-handler.js';
import { type Delivery, deliver, page, type SignAnswer } from './delivery.js';
import type { EffectRecorder } from './effects.js';
import type { PlacedFault } from './faults.js';
import type { EntryPosition, Journal, JournalEntry } from './journal.js';
import { journalEntryOf } from './journal-entry.js';
import { bodyOf } from './loopback-server.js';
import type { StateFile } from './state-file.js';

/** What the HTTP server needs from the sandbox. */
export interface ServeContext extends CallContext {
  partner: Partner;
  journal: Journal;
  state: Pick<StateFile, 'write'>;
  /** The random fault of a call. */
  planned: (api: Operation, id: string, number: number) => PlacedFault | undefined;
  /** Waits before each answer. */
  delay: () => Promise<void>;
  signerFor: (path: string) => SignAnswer;
  /** Aborts when the sandbox stops. */
  stopping: AbortSignal;
}

/** Answers calls of the API, and serves the journal. */
export function serveRequests(context: ServeContext): RequestListener {
  return (request, response) => {
    serve(request, response, context).catch((error: unknown) => {
      // A wait that ended because the sandbox stops is not a failure.
      if (context.stopping.aborted || response.headersSent) {
        response.destroy();
        return;
      }
      return deliver(response, page(500, `The sandbox failed: ${error}`), async () => ({}));
    });
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, context: ServeContext) {
  const { journal, state, delay, signerFor } = context;
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
  const position = journal.add(entry);
  state.write({ arrived: entry });
  const delivery = await answer(received, entry, position, context);
  await delay();
  if (delivery.kind === 'answer') {
    const { status, body, signedBy } = delivery;
    entry.answer = { status, body, signedBy };
    state.write({ request: position.index, answer: entry.answer });
  }
  await deliver(response, delivery, signerFor(url));
}

async function answer(
  received: Received,
  entry: JournalEntry,
  { index: request, number }: EntryPosition,
  context: ServeContext,
): Promise<Delivery> {
  const { partner, state, planned } = context;
  const admission = admit(received, partner);
  if ('rejection' in admission) return admission.rejection;
  const { api, body } = admission;
  const recorder: EffectRecorder = {
    fault(name, fromWords) {
      entry.fault = name;
      state.write({ request, fault: name, fromWords });
    },
    effect: (effect, at) => state.write({ request, effect, at: at.toISOString() }),
  };
  return await handleCall(
    api,
    body,
    context,
    recorder,
    planned(api, entry.id ?? entry.reference ?? '', number),
  );
}
