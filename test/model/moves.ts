import { RawValue } from '@temporalio/common';
import { anas, DECISION_NAMES } from '../rules/fixtures.js';
import { FORTUNES } from './answers.js';
import type { Execution } from './temporal.js';
import type { WorldFirst } from './worldfirst.js';

/** What somebody tells a refund; WorldFirst's notifications are always true. */
export type Message = (execution: Execution, worldfirst: WorldFirst) => void;

const signal = (name: string, content: unknown): Message => {
  const payload = new RawValue(content);
  return (execution) => execution.signal(name, payload);
};

const update = (name: string, content: unknown): Message => {
  const payload = new RawValue(content);
  return (execution) => void execution.update(name, payload);
};

const closure = (as: 'Y' | 'N'): Message => {
  const closed = { Y: signalOfClosure('Y'), N: signalOfClosure('N') };
  return (execution, worldfirst) => {
    worldfirst.closes(as);
    if (worldfirst.closed) closed[worldfirst.closed](execution, worldfirst);
  };
};

const signalOfClosure = (isRefund: 'Y' | 'N', tradeId = 'T-1') =>
  signal('notification', {
    body: JSON.stringify({ tradeId, isRefund }),
    path: '/notifications',
    clientId: 'client',
    requestTime: '2026-08-30T11:00:00+08:00',
    signature: 'verified by the activity',
  });

/** Every message, in the words of a story. */
export const MESSAGES: Readonly<Record<string, Message>> = {
  'Ana escalates': signal('escalate', { by: 'Ana', reason: 'a' }),
  'the workflow is cancelled': (execution) => execution.cancel(),
  'Ana wants a check now': update('checkNow', { by: 'Ana', reason: 'a' }),
  'Ben wants a check now': signal('checkNow', { by: 'Ben', reason: 'b' }),
  'somebody waits for the first answer': (execution) => void execution.update('firstAnswer', execution.input),
  'a decision without evidence': signal('decide', { decision: 'mark-failed', by: 'Ben', reason: 'b' }),
  'an unreadable message': signal('decide', 'mark-failed, please'),
  'a notification of another order': signalOfClosure('Y', 'T-9'),
  'the order is closed with a refund': closure('Y'),
  'the order is closed without a refund': closure('N'),
  ...Object.fromEntries(
    DECISION_NAMES.flatMap((name) => [
      [`Ana decides ${name}`, update('decide', anas(name))],
      [`Ben decides ${name}`, signal('decide', anas(name, { by: 'Ben' }))],
    ]),
  ),
};

/** What happens at WorldFirst without anybody being told. */
export const AT_WORLDFIRST: Readonly<Record<string, (worldfirst: WorldFirst) => void>> = {
  'what was taken is settled': (worldfirst) => worldfirst.settles('settled'),
  'what was taken is declined': (worldfirst) => worldfirst.settles('declined'),
  'what was lost arrives': (worldfirst) => worldfirst.findsWhatWasLost(),
};

/** The message before this one comes once more. */
export const REPEAT = 'the same again';
/** The next message reaches the workflow together with what follows it, in one workflow task. */
export const TOGETHER = 'together:';
/** A timer ends. */
export const TIME_PASSES = 'time passes';

/** Everything that can happen. The plainest thing comes first: what goes wrong is shrunk to it where that matters not. */
export const MOVES: readonly string[] = [
  ...FORTUNES,
  TIME_PASSES,
  TOGETHER,
  REPEAT,
  ...Object.keys(AT_WORLDFIRST),
  ...Object.keys(MESSAGES),
];
