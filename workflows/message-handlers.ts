import { defaultPayloadConverter, type RawValue, rawValueTypeInfo } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { canonical } from '../internal/canonical-json.js';
import {
  type Read,
  readAuditNote,
  readDecision,
  readSignedNotification,
  sentenceOf,
} from '../rules/messages.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundView } from '../rules/view.js';
import {
  checkNowSignal,
  checkNowUpdate,
  decideSignal,
  decideUpdate,
  escalateSignal,
  firstAnswerUpdate,
  notificationSignal,
  refundQuery,
} from './definitions.js';
import { receiveNotification, unverified } from './receive-notification.js';
import type { RefundRun } from './refund-run.js';

/**
 * Registers the handlers of all messages. No message can stop or kill a refund: one that cannot be read or does not apply
 * is written into the timeline and dropped (signals), or refused (updates).
 */
export function registerHandlers(run: RefundRun): void {
  const { inbox } = run;
  const dropped = (name: string, sentence: string) =>
    run.note('message-dropped', `dropped a message "${name}" that cannot be read: ${sentence}`);

  setHandler(refundQuery, () => run.view(), {
    description:
      'The whole view of the refund: status, ids, amounts, last answer, inquiries, attention, timeline.',
  });

  // Messages that waited for the first task of a run are handled in this order: what halts a refund comes last.

  setHandler(
    rawSignal(decideSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readDecision);
      if (read.ok) inbox.decide(read.message);
      else dropped('decide', sentenceOf(read.issues));
    },
    { description: DECIDE },
  );

  setHandler(
    rawUpdate(decideUpdate.name),
    (payload: RawValue) => {
      inbox.decide(readOrRefuse(payload, readDecision));
      return run.view();
    },
    {
      description: DECIDE,
      validator: (payload: RawValue) => {
        const check = inbox.checkDecision(readOrRefuse(payload, readDecision));
        if (check.kind === 'refused') throw refusal(check.sentence, 'DecisionRefused', check.code);
      },
    },
  );

  setHandler(
    rawSignal(checkNowSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readAuditNote);
      if (read.ok) inbox.checkNow(read.message);
      else dropped('checkNow', sentenceOf(read.issues));
    },
    { description: CHECK_NOW },
  );

  setHandler(
    rawUpdate(checkNowUpdate.name),
    async (payload: RawValue) => {
      inbox.checkNow(readOrRefuse(payload, readAuditNote));
      // A handler runs in the workflow's own scope, and its caller gets an answer also where the workflow is cancelled.
      await CancellationScope.nonCancellable(() => condition(() => isIdle(run)));
      return run.view();
    },
    {
      description: CHECK_NOW,
      validator: (payload: RawValue) => {
        readOrRefuse(payload, readAuditNote);
        const sentence = inbox.checkNowRefusal();
        if (sentence) throw refusal(sentence, 'CheckNowRefused');
      },
    },
  );

  setHandler(
    rawSignal(escalateSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readAuditNote);
      if (read.ok) inbox.interrupt({ kind: 'escalate', ...read.message });
      else dropped('escalate', sentenceOf(read.issues));
    },
    { description: `Stop the automatic work now and wait for an operator.\n\n${AUDIT_NOTE}` },
  );

  setHandler(
    rawSignal(notificationSignal.name),
    (payload: RawValue) => {
      const read = readPayload(payload, readSignedNotification);
      return read.ok ? receiveNotification(run, read.message) : unverified(run, sentenceOf(read.issues));
    },
    { description: 'For the notification receiver: WorldFirst’s closure notification with its signature.' },
  );

  setHandler(
    firstAnswerUpdate,
    async () => {
      await inbox.firstAnswer(() => hasFirstAnswer(run));
      return run.view();
    },
    {
      description: 'For programs: see RefundClient.startAndWait.',
      validator: (request: RefundRequest) => {
        if (canonical(request) !== canonical(run.request))
          throw refusal('the refund has another content', 'RefundConflict');
      },
    },
  );
}

const AUDIT_NOTE = '{\n  "by": "",\n  "reason": ""\n}';

const CHECK_NOW = `Run the next planned inquiry now. It counts, and may send the identical request again.\n\n${AUDIT_NOTE}`;

const DECIDE =
  'Take a decision for a refund that waits for an operator: inquire-again, send-again, send-with-new-id, cancel, ' +
  'mark-succeeded or mark-failed (the last two with evidence).\n\n' +
  '{\n  "decision": "",\n  "by": "",\n  "reason": "",\n  "evidence": ""\n}';

/** Whether the refund waits, and no requested check is under way. */
function isIdle(run: RefundRun): boolean {
  return (run.state.next !== undefined && !run.inbox.isCheckRequested) || run.isHalted;
}

/** Whether WorldFirst has answered the refund request, or it is clear that this takes longer. */
function hasFirstAnswer(run: RefundRun): boolean {
  const { lastAnswer, next } = run.state;
  return next !== undefined || run.isHalted || (lastAnswer !== undefined && lastAnswer.step !== 'query');
}

/**
 * Messages arrive here as raw payloads, also where there are several of them. The SDK would decode them before the handler
 * runs, and a payload that is no JSON would fail every workflow task from then on.
 */
const RAW = { typeInfo: { inputTypes: new Proxy([], { get: () => rawValueTypeInfo }) } };

const rawSignal = (name: string) => defineSignal<[RawValue]>(name, RAW);
const rawUpdate = (name: string) => defineUpdate<RefundView, [RawValue]>(name, RAW);

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

function readOrRefuse<Message>(payload: RawValue, read: (value: unknown) => Read<Message>): Message {
  const result = readPayload(payload, read);
  if (result.ok) return result.message;
  throw refusal(sentenceOf(result.issues), 'InvalidMessage', result.issues);
}

/** A refused update; its caller, and the Web UI, see the sentence without a stack trace. */
function refusal(sentence: string, type: string, ...details: unknown[]): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(sentence, type, ...details);
  failure.stack = '';
  return failure;
}
