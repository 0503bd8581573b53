import type { PinnedHistory } from './histories.js';

/** A change of the workflow, made in the code of its bundle. */
export interface Change {
  change: string;
  /** A text that the code holds once, and what takes its place. */
  from: string;
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
export const BREAKING: readonly BreakingChange[] = [
  {
    change: 'one more activity',
    from: 'answer = await cashierRefund.executeWithOptions({',
    to: 'await queryTradeOrder.executeWithOptions({}, [{}]);\nanswer = await cashierRefund.executeWithOptions({',
    concerns: schedules('refund'),
  },
  {
    change: 'another order: the inquiry comes before its wait',
    from: `await waitFor(refund, interval, \`inquiry \${index + 1} of \${intervals.length}\`);
        if (refund.isStopped()) return 'stop';
        const next = await inquireOnce(refund);`,
    to: `const next = await inquireOnce(refund);
        await waitFor(refund, interval, \`inquiry \${index + 1} of \${intervals.length}\`);
        if (refund.isStopped()) return 'stop';`,
    concerns: waitsFor('inquiry 1 of'),
  },
  {
    change: 'one more timer',
    from: "const summary = before === 'unknown' ?",
    to: "await refund.wait(1000, 'breathe');\nconst summary = before === 'unknown' ?",
    concerns: schedules('applyRefund', 'refund'),
  },
  {
    change: 'one timer less',
    from: 'if (this.stopped() || milliseconds === 0) return;',
    to: 'if (this.stopped() || milliseconds === 0 || milliseconds === 600000) return;',
    concerns: ({ events }) =>
      events.some(
        ({ timerStartedEventAttributes: timer }) =>
          (timer as { startToFireTimeout: string } | undefined)?.startToFireTimeout === '600s',
      ),
  },
  {
    change: 'an activity becomes a local one',
    from: '=>inquireRefund.executeWithOptions({',
    to: '=>viaLocalActivity.inquireRefund.executeWithOptions({',
    concerns: schedules('inquireRefund'),
  },
  {
    change: 'a search attribute is not shown any more',
    from: 'if (updates.length > 0) ',
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
  const [sdk] =
    /_temporalio_workflow__WEBPACK_IMPORTED_MODULE_\d+__(?=\.proxyLocalActivities)/.exec(code) ?? [];
  const from = "const summary = before === 'unknown' ?";
  return {
    change: 'one more timer, patched',
    from,
    to: `if (${sdk}.patched('breathe')) await refund.wait(1000, 'breathe');\n${from}`,
  };
}

/** The code with a change, which must find its place. */
export function changed(code: string, { from, to }: Change): string {
  const pieces = code.split(from);
  if (pieces.length !== 2) throw new Error(`the bundle holds ${pieces.length - 1} times: ${from}`);
  return pieces.join(to);
}
