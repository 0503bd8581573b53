import { defaultPayloadConverter, type RawValue, rawValueTypeInfo } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { canonical } from '../internal/canonical-json.js';
import {
  type AuditNote,
  type ClosureNotification,
  type Decision,
  type Read,
  readAuditNote,
  readDecision,
  readNotification,
  sentenceOf,
} from '../rules/messages.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundView } from '../rules/view.js';
import type { RefundRun } from './refund-run.js';

/** Answers with the whole view of the refund. */
export const refundQuery = defineQuery<RefundView>('refund');
/**
 * Answers with the view as soon as WorldFirst has answered, or it is clear that this takes longer. Refused where the
 * refund is another one than the request describes. See `RefundClient.startAndWait`.
 */
export const firstAnswerUpdate = defineUpdate<RefundView, [RefundRequest]>('firstAnswer');
/** Stops the automatic work now; the refund waits for a person. */
export const escalateSignal = defineSignal<[AuditNote]>('escalate');
/** A person's decision; one that does not apply is written into the timeline and dropped. */
export const decideSignal = defineSignal<[Decision]>('decide');
/** A person's decision; one that does not apply is refused at once. Returns the view after it. */
export const decideUpdate = defineUpdate<RefundView, [Decision]>('decide');
/** Runs the next planned inquiry now. It counts as that inquiry. */
export const checkNowSignal = defineSignal<[AuditNote]>('checkNow');
/** Runs the next planned inquiry now, and returns the view after its answer. It counts as that inquiry. */
export const checkNowUpdate = defineUpdate<RefundView, [AuditNote]>('checkNow');
/** WorldTrade's notification that the order was closed. Its signature must have been verified. */
export const notificationSignal = defineSignal<[ClosureNotification]>('notification');

/**
 * Registers what a refund listens to. No message can stop or kill a refund: what cannot be read or does not apply is
 * written into the timeline and dropped (signals), or refused (updates).
 */
export function listen(refund: RefundRun): void {
  const dropped = (name: string, sentence: string) =>
    refund.note('message-dropped', `dropped a message "${name}" that cannot be read: ${sentence}`);

  setHandler(refundQuery, () => refund.view(), {
    description:
      'The whole view of the refund: status, ids, amounts, last answer, inquiries, attention, timeline.',
  });

  setHandler(
    firstAnswerUpdate,
    async () => {
      await refund.firstAnswer();
      return refund.view();
    },
    {
      description:
        'Answers with the view once WorldFirst has answered, or it is clear that this takes longer. Takes the refund request.',
      validator: (request: RefundRequest) => {
        if (canonical(request) === canonical(refund.request)) return;
        throw ApplicationFailure.nonRetryable('the refund has another content', 'RefundConflict');
      },
    },
  );

  // Messages that waited for the first task of a run are heard in this order: what stops a refund has the last word.

  setHandler(
    rawSignal(decideSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readDecision);
      if (read.ok) refund.decide(read.message);
      else dropped('decide', sentenceOf(read.issues));
    },
    { description: DECIDE },
  );

  setHandler(
    rawUpdate(decideUpdate.name),
    (payload: RawValue) => {
      refund.decide(accepted(payload, readDecision));
      return refund.view();
    },
    {
      description: DECIDE,
      validator: (payload: RawValue) => {
        const verdict = refund.checkDecision(accepted(payload, readDecision));
        if (verdict.kind === 'refused') {
          throw ApplicationFailure.nonRetryable(verdict.sentence, 'DecisionRefused', verdict.code);
        }
      },
    },
  );

  setHandler(
    rawSignal(checkNowSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readAuditNote);
      if (read.ok) refund.checkNow(read.message);
      else dropped('checkNow', sentenceOf(read.issues));
    },
    { description: CHECK_NOW },
  );

  setHandler(
    rawUpdate(checkNowUpdate.name),
    async (payload: RawValue) => {
      refund.checkNow(accepted(payload, readAuditNote));
      // A handler runs in the workflow's own scope, and a cancellation is no reason not to answer.
      await CancellationScope.nonCancellable(() => condition(() => refund.isIdle()));
      return refund.view();
    },
    {
      description: CHECK_NOW,
      validator: (payload: RawValue) => {
        accepted(payload, readAuditNote);
        const refusal = refund.checkNowRefusal();
        if (refusal) throw ApplicationFailure.nonRetryable(refusal, 'CheckNowRefused');
      },
    },
  );

  setHandler(
    rawSignal(escalateSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readAuditNote);
      if (read.ok) refund.interrupt({ kind: 'escalate', ...read.message });
      else dropped('escalate', sentenceOf(read.issues));
    },
    {
      description:
        'Stop the automatic work now and wait for a person. Example: {"by": "Ana", "reason": "the customer called"}',
    },
  );

  setHandler(
    rawSignal(notificationSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readNotification);
      if (read.ok) refund.interrupt({ kind: 'notification', ...read.message });
      else dropped('notification', sentenceOf(read.issues));
    },
    {
      description:
        'WorldFirst’s closure notification, its signature verified. Example: {"tradeId": "2026…", "isRefund": "Y"}',
    },
  );
}

const CHECK_NOW =
  'Run the next planned inquiry now; it counts as that inquiry. Example: {"by": "Ana", "reason": "WorldFirst says it is done"}';

const DECIDE =
  'Decide how a refund that waits for a person goes on: inquire-again, send-again, send-with-new-id, mark-succeeded or ' +
  'mark-failed (the last two with evidence). Example: {"decision": "send-again", "by": "Ana", "reason": "the key is mended"}';

/**
 * Messages are handed over as they came, however many payloads they have. The SDK would read them before the handler
 * runs, and one that is no JSON would fail every workflow task from then on.
 */
const AS_IT_CAME = { typeInfo: { inputTypes: new Proxy([], { get: () => rawValueTypeInfo }) } };

const rawSignal = (name: string) => defineSignal<[RawValue]>(name, AS_IT_CAME);
const rawUpdate = (name: string) => defineUpdate<RefundView, [RawValue]>(name, AS_IT_CAME);

function readPayload<Message>(
  payload: RawValue | undefined,
  read: (value: unknown) => Read<Message>,
): Read<Message> {
  try {
    return read(payload && defaultPayloadConverter.fromPayload(payload.payload));
  } catch {
    return { ok: false, issues: [{ path: '', message: 'it is not JSON' }] };
  }
}

function accepted<Message>(payload: RawValue, read: (value: unknown) => Read<Message>): Message {
  const result = readPayload(payload, read);
  if (result.ok) return result.message;
  throw ApplicationFailure.nonRetryable(sentenceOf(result.issues), 'InvalidMessage', result.issues);
}
