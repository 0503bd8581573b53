// @module-tag long
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecisionName, RefundView, WorldTradeRefundRequest } from '../../client/index.js';
import type { Hold } from '../../testing/sandbox/index.js';
import type { WorldFirstClient } from '../../worldfirst/index.js';
import { expectNoDoubleEffects, sendsOf } from '../support/books.js';
import { useRefunds, worldFirstOf } from '../support/environment.js';
import { eventsOf, rests } from '../support/patient.js';
import { json, payload, signalRaw, type Updated, update } from '../support/raw-messages.js';
import {
  failedTasksOf,
  ONLY_WORKFLOWS,
  type RunningWorker,
  startActivityWorker,
  untilATaskWaits,
  untilQuiet,
} from '../support/workers.js';

// Calls have a worker of their own, so that they are answered while no worker runs workflows. What a worker that is gone
// had in its cache goes to another one soon, and not after the usual 10 s.
const refunds = useRefunds({ ...ONLY_WORKFLOWS, stickyQueueScheduleToStartTimeout: '200ms' });
expectNoDoubleEffects(refunds);

let worldfirst: WorldFirstClient;
let caller: RunningWorker;

beforeAll(async () => {
  worldfirst = worldFirstOf(refunds.sandbox, 60_000);
  caller = await startActivityWorker(refunds.taskQueue, worldfirst);
});

afterAll(async () => {
  await caller.stop();
  worldfirst.close();
});

type Events = readonly string[];

/** What is sent, and by which line of the timeline it is seen not to be lost. */
interface Message {
  send: (request: WorldTradeRefundRequest) => Promise<Updated | undefined>;
  /** One of these, or a rejected update. */
  noted: Events;
}

const signalled =
  (name: string, message: (request: WorldTradeRefundRequest) => unknown): Message['send'] =>
  async (request) => {
    await signalRaw(refunds, request.refundRequestId, name, [json(message(request))]);
    return undefined;
  };

const decided = (decision: DecisionName, by: string): Message => ({
  send: signalled('decide', () => ({ decision, by, reason: 'decided', evidence: 'ticket 4711' })),
  noted: ['decision', 'decision-refused'],
});

const MESSAGES = {
  escalate: { send: signalled('escalate', () => ({ by: 'Eve', reason: 'stop' })), noted: ['escalate'] },
  'check now': { send: signalled('checkNow', () => ({ by: 'Cleo', reason: 'now' })), noted: ['check-now'] },
  'check now (update)': {
    send: ({ refundRequestId }) =>
      update(refunds, refundRequestId, 'checkNow', { by: 'Carl', reason: 'now' }),
    noted: ['check-now'],
  },
  'inquire again': decided('inquire-again', 'Ines'),
  'send again': decided('send-again', 'Sam'),
  'send again (update)': {
    send: ({ refundRequestId }) =>
      update(refunds, refundRequestId, 'decide', { decision: 'send-again', by: 'Sue', reason: 'decided' }),
    noted: ['decision'],
  },
  'send with new id': decided('send-with-new-id', 'Ned'),
  'mark failed': decided('mark-failed', 'Mia'),
  'closed with a refund': {
    send: signalled('notification', ({ tradeId }) =>
      refunds.sandbox.signedNotification({ tradeId, isRefund: 'Y' }),
    ),
    noted: ['notification'],
  },
  'closed without a refund': {
    send: signalled('notification', ({ tradeId }) =>
      refunds.sandbox.signedNotification({ tradeId, isRefund: 'N' }),
    ),
    noted: ['notification'],
  },
  cancel: {
    send: async ({ refundRequestId }) => {
      await refunds.client.workflow.getHandle(`refund:${refundRequestId}`).cancel();
      return undefined;
    },
    noted: ['cancel-requested'],
  },
  garbage: {
    send: async ({ refundRequestId }) => {
      await signalRaw(refunds, refundRequestId, 'decide', [payload('json/plain', '{')]);
      return undefined;
    },
    noted: ['message-dropped'],
  },
} satisfies Record<string, Message>;

type Name = keyof typeof MESSAGES;

/** Where the messages meet a refund: it is brought there, then no worker runs, and then more may happen to it. */
interface Meeting {
  words: string;
  /** Which call is under way and held. */
  held?: 'queryTradeOrder' | 'applyRefund' | 'inquireRefund';
  bring?: (id: string) => Promise<unknown>;
  /** What comes from Temporal in the same task, before or after the messages. */
  event?: 'the timer' | 'the answer';
  messages: readonly Name[];
}

const check = (id: string) => refunds.refunds.getHandle(id).signal('checkNow', { by: 'Test', reason: 'now' });
const escalate = (id: string) =>
  refunds.refunds.getHandle(id).signal('escalate', { by: 'Test', reason: 'stop' });

const INTERRUPTIONS = ['escalate', 'closed with a refund', 'closed without a refund', 'cancel'] as const;

const STOPS: readonly Name[] = ['escalate', 'closed without a refund', 'cancel'];

const MEETINGS: Record<string, Meeting> = {
  'between two inquiries': {
    words: 'unknown-2',
    messages: [...INTERRUPTIONS, 'check now (update)'],
  },
  'while the settlement is followed': {
    words: 'settles-3',
    messages: ['escalate', 'closed with a refund', 'check now', 'garbage'],
  },
  'while it needs an operator, and the submission is unknown': {
    words: 'unknown-2',
    bring: escalate,
    messages: [
      'escalate',
      'closed with a refund',
      'cancel',
      'send again (update)',
      'inquire again',
      'mark failed',
    ],
  },
  'while it needs an operator, and it was refused': {
    words: 'refused-once-PROCESS_FAIL',
    messages: ['closed with a refund', 'send again', 'send with new id', 'mark failed'],
  },
  'when the next inquiry is due': {
    words: 'unknown-2',
    event: 'the timer',
    messages: ['escalate', 'closed with a refund', 'cancel', 'check now (update)'],
  },
  'when the answer to the query comes': {
    words: 'phases',
    held: 'queryTradeOrder',
    event: 'the answer',
    messages: INTERRUPTIONS,
  },
  'when the answer to the refund request comes': {
    words: 'plain',
    held: 'applyRefund',
    event: 'the answer',
    messages: INTERRUPTIONS,
  },
  'when the answer to an inquiry comes': {
    words: 'unknown-2',
    bring: check,
    held: 'inquireRefund',
    event: 'the answer',
    messages: INTERRUPTIONS,
  },
};

interface Race {
  meeting: string;
  pair: readonly [Name, Name];
  request: WorldTradeRefundRequest;
  /** The event comes first. */
  eventFirst: boolean;
  hold?: Hold | undefined;
  answers: Promise<(Updated | undefined)[]>;
}

const PAIRS = Object.entries(MEETINGS).flatMap(([meeting, { messages }]) =>
  messages.flatMap((first) =>
    messages.flatMap((second) => (first === second ? [] : [{ meeting, pair: [first, second] as const }])),
  ),
);

const races = new Map<string, Race>();
const nameOf = (meeting: string, pair: readonly string[]) => `${meeting}: ${pair.join(', then ')}`;

async function bring({ meeting, pair }: (typeof PAIRS)[number], index: number): Promise<Race> {
  const { words, held, bring: further } = MEETINGS[meeting] as Meeting;
  const request = refunds.worldtrade(words);
  const id = request.refundRequestId;
  const about = held === 'queryTradeOrder' ? request.tradeId : id;
  const hold = held && refunds.sandbox.hold({ api: held, id: about }, 'after');
  await refunds.client.workflow.start('refund', {
    workflowId: `refund:${id}`,
    taskQueue: refunds.taskQueue,
    args: [request],
  });
  const isHeldAtOnce = hold !== undefined && further === undefined;
  if (!isHeldAtOnce) await untilQuiet(refunds, `refund:${id}`);
  await further?.(id);
  if (hold) await hold.arrived;
  else await untilQuiet(refunds, `refund:${id}`);
  return { meeting, pair, request, eventFirst: index % 2 === 0, hold, answers: Promise.resolve([]) };
}

async function happen({ meeting, request, hold }: Race): Promise<void> {
  const workflowId = `refund:${request.refundRequestId}`;
  const { event } = MEETINGS[meeting] as Meeting;
  if (event === 'the timer') {
    // Nothing else is under way, so the clock jumps to the timer, and its task waits for a worker.
    await refunds.skipper.resume(workflowId);
    await untilATaskWaits(refunds, workflowId);
  }
  hold?.release();
  if (event === 'the answer') await untilATaskWaits(refunds, workflowId);
}

async function meet(race: Race): Promise<void> {
  const { meeting, pair, request } = race;
  // A timer fires only while nothing waits for a worker, so it cannot come after the messages.
  const eventFirst = race.eventFirst || MEETINGS[meeting]?.event === 'the timer';
  if (eventFirst) await happen(race);
  const answers: Promise<Updated | undefined>[] = [];
  for (const name of pair) {
    const answer = MESSAGES[name].send(request);
    answer.catch(() => undefined);
    // An update is answered only once a worker runs.
    if (name.endsWith('(update)')) await sleep(20);
    else await answer;
    answers.push(answer);
  }
  race.answers = Promise.all(answers);
  race.answers.catch(() => undefined);
  if (!eventFirst) await happen(race);
}

/** No more at a time than Temporal and the sandbox answer quickly. */
async function sideBySide<In, Out>(items: readonly In[], work: (item: In, index: number) => Promise<Out>) {
  const results: Out[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      results[next[0]] = await work(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: 40 }, worker));
  return results;
}

const isHeld = ({ meeting }: { meeting: string }) => Number(MEETINGS[meeting]?.held !== undefined);

async function expectConsistent(view: RefundView): Promise<void> {
  const id = view.refundRequestId;
  expect(view.attention !== undefined).toBe(view.status === 'needs-attention');
  expect(eventsOf(view).filter((event) => event === 'ended').length).toBe(view.outcome ? 1 : 0);
  if (view.outcome) {
    expect(view.status).toBe(view.outcome.status);
    expect(await refunds.refunds.result(id)).toEqual(view.outcome);
  } else {
    expect((await refunds.refunds.getHandle(id).describe()).status.name).toBe('RUNNING');
  }
}

beforeAll(async () => {
  // A call is held for less than its minute, so those come last.
  const heldLast = PAIRS.toSorted((a, b) => isHeld(a) - isHeld(b));
  const brought = await sideBySide(heldLast, bring);
  await refunds.stopWorker();
  await sideBySide(brought.toReversed(), meet);
  for (const race of brought) races.set(nameOf(race.meeting, race.pair), race);
  await refunds.startWorker();
}, 120_000);

describe.each(Object.keys(MEETINGS))('two messages in one task, %s', (meeting) => {
  const pairs = PAIRS.filter((each) => each.meeting === meeting);

  test.concurrent.each(pairs)('$pair.0, then $pair.1', async ({ pair }) => {
    const race = races.get(nameOf(meeting, pair)) as Race;
    const { request } = race;
    const id = request.refundRequestId;
    const workflowId = `refund:${id}`;
    refunds.started(workflowId);
    const answers = await race.answers;
    // The clock of a refund whose timer was due runs on, to its end.
    if (MEETINGS[meeting]?.event === 'the timer') await refunds.refunds.waitUntilIdle(id);
    else await untilQuiet(refunds, workflowId);
    const view = await refunds.until(id, () => true);

    // Neither hangs: it waits for its next step or for a person, or has ended.
    expect(rests(view)).toBe(true);
    expect(await failedTasksOf(refunds, workflowId)).toEqual([]);
    await expectConsistent(view);

    // Neither message is lost.
    const events = eventsOf(view);
    for (const [index, name] of pair.entries()) {
      const answer = answers[index];
      if (answer && 'type' in answer) expect(answer.type).toMatch(/^(DecisionRefused|CheckNowRefused)$/);
      else
        expect(
          events.some((event) => MESSAGES[name].noted.includes(event as never)),
          name,
        ).toBe(true);
    }

    // Nothing is sent that nobody asked for, and the money moves once at most.
    const { journal } = refunds.sandbox;
    const carriedOut = view.timeline.filter(({ event }) => event === 'decision');
    const newIds = carriedOut.filter(({ text }) => text.startsWith('decided send-with-new-id')).length;
    const ids = [...new Set(sendsOf(refunds, request).map((entry) => entry.id))];
    expect(ids.length).toBeLessThanOrEqual(1 + newIds);
    for (const under of ids) {
      expect(new Set(journal.sends(under).map(({ body }) => body)).size).toBe(1);
    }
    expect(journal.moved(request.tradeId).length).toBeLessThanOrEqual(1);
    if (view.status === 'cancelled') expect(ids).toEqual([]);
    if (view.status === 'succeeded')
      expect(journal.moved(request.tradeId), JSON.stringify(view.timeline)).toHaveLength(1);

    const sendings = carriedOut.filter(({ text }) => text.startsWith('decided send-')).length;
    const { length: inquiries } = refunds.calls(request, 'inquireRefund');
    expect(sendsOf(refunds, request).length).toBeLessThanOrEqual(1 + sendings + inquiries);

    // Who stops the automatic work has stopped it, until a person decides.
    if (carriedOut.length === 0 && pair.some((name) => STOPS.includes(name)))
      expect(view.inquiries.nextAt).toBeUndefined();
  });
});
