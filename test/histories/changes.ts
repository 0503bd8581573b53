import { DeterminismViolationError } from '@temporalio/workflow';
import { expect } from 'vitest';
import { HISTORIES, type PinnedHistory, replayed } from './histories.js';

/** A change of the workflow, made in the code of its bundle. */
export interface Change {
  change: string;
  /** A place that the code has once, and what takes its place. */
  from: string | RegExp;
  to: string;
}

/** A change that refunds under way do not survive. */
export interface BreakingChange extends Change {
  /** Whether a history has met the changed place. */
  concerns(history: PinnedHistory): boolean;
}

const schedules =
  (...names: string[]) =>
  ({ events }: PinnedHistory): boolean =>
    events.some(({ activityTaskScheduledEventAttributes: scheduled }) =>
      names.includes((scheduled as { activityType: { name: string } } | undefined)?.activityType.name ?? ''),
    );

const waitsFor =
  (what: string) =>
  ({ events }: PinnedHistory): boolean =>
    events.some(
      ({ eventType, userMetadata }) =>
        eventType === 'EVENT_TYPE_TIMER_STARTED' &&
        (userMetadata as { summary: { $json: string } }).summary.$json.startsWith(what),
    );

/** A wait for the next step, which neither a reminder is nor the timer that only shows that an operator is needed. */
const waits = ({ events }: PinnedHistory): boolean =>
  events.some(
    ({ eventType, userMetadata }) =>
      eventType === 'EVENT_TYPE_TIMER_STARTED' &&
      !/^(reminder|WAITS)/.test((userMetadata as { summary: { $json: string } }).summary.$json),
  );

const BEFORE_A_WAIT = 'const { resets } = state;';
// In workflow code it is a durable timer.
const BREATHE = 'await new Promise((resolve) => setTimeout(resolve, 1000))';

/** Not where a run only leaves the list, because the refund goes on in another one. */
const showsInList = ({ events }: PinnedHistory): boolean =>
  events.some(({ upsertWorkflowSearchAttributesEventAttributes: upserted }) => {
    const { indexedFields = {} } =
      (upserted as { searchAttributes?: Fields } | undefined)?.searchAttributes ?? {};
    return Object.values(indexedFields).some(({ $json }) => $json !== undefined && $json !== null);
  });

interface Fields {
  indexedFields?: Record<string, { $json?: unknown }>;
}

/** What needs `patched()`. */
export const BREAKING: readonly [BreakingChange, ...BreakingChange[]] = [
  {
    change: 'one more activity',
    from: /return (\w+)\.once\.refund\.executeWithOptions\(\{/,
    to: 'return $1.once.refund.executeWithOptions({}, [{}]).catch(() => {}), $1.once.refund.executeWithOptions({',
    concerns: schedules('refund'),
  },
  {
    change: 'another order: the inquiry comes before its wait',
    from: /(await \S*waitForInquiry\)?\(run, interval, `inquiry [^`]*`\);\s*if \(run\.isHalted\)\s*return run\.haltedStep;)(\s*const next = await inquireOrResend\(run\);)/,
    to: '$2$1',
    concerns: waitsFor('inquiry 1 of'),
  },
  { change: 'one more timer', from: BEFORE_A_WAIT, to: `${BREATHE};\n${BEFORE_A_WAIT}`, concerns: waits },
  {
    change: 'one timer less',
    from: /if \(run\.isHalted \|\| milliseconds === 0\)/,
    to: 'if (run.isHalted || milliseconds === 0 || milliseconds === 600000)',
    concerns: ({ events }) =>
      events.some(
        ({ timerStartedEventAttributes: timer }) =>
          (timer as { startToFireTimeout: string } | undefined)?.startToFireTimeout === '600s',
      ),
  },
  {
    change: 'an activity becomes a local one',
    from: /\.aFewTimes\.inquireRefund\.executeWithOptions/,
    to: '.local.inquireRefund.executeWithOptions',
    concerns: schedules('inquireRefund'),
  },
  {
    change: 'a search attribute is not shown any more',
    from: /if \(updates\.some\(\(\{ key \}\)\s*=>\s*key\.name !== \w+\.name\)\)/,
    to: 'if (false) ',
    concerns: showsInList,
  },
];

/** What may change freely: Temporal compares which commands are given, in which order, and not what is in them. */
export const HARMLESS: readonly Change[] = [
  {
    change: 'another length of a wait',
    from: '(isOver, left, {',
    to: '(isOver, 2 * left, {',
  },
  { change: 'other words', from: "'send the identical refund again' :", to: "'once more' :" },
  {
    change: 'another time-out',
    from: "const startToCloseTimeout = '1 minute';",
    to: "const startToCloseTimeout = '2 minutes';",
  },
];

/** The same timer as above, as it may be added. */
export function patchedChange(code: string): Change {
  const [, sdk] = /\(0,\s*(\w+)\.condition\)\(isOver, left/.exec(code) ?? [];
  return {
    change: 'one more timer, patched',
    from: BEFORE_A_WAIT,
    to: `if (${sdk}.patched('breathe')) ${BREATHE};\n${BEFORE_A_WAIT}`,
  };
}

/** The code with a change, which must find its place. */
export function changed(code: string, { from, to }: Change): string {
  const places = code.split(from).length - 1;
  const groups = typeof from === 'string' ? 0 : (code.match(from)?.length ?? 1) - 1;
  if (places !== 1 + groups) throw new Error(`the bundle has not one place for: ${from}`);
  return code.replace(from, to);
}

/** Checks that a change breaks the refunds that are past the changed place, and no other. */
export async function expectToBreak(code: string, { concerns, ...change }: BreakingChange): Promise<void> {
  const concerned = HISTORIES.filter(concerns).map(({ kind }) => kind);
  expect(concerned.length).toBeGreaterThan(0);
  const errors = await replayed(HISTORIES, changed(code, change));
  expect(Object.keys(errors).sort()).toEqual(concerned.sort());
  for (const error of Object.values(errors)) expect(error).toBeInstanceOf(DeterminismViolationError);
}
