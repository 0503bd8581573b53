import { type Client, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { type Command, InvalidArgumentError } from 'commander';
import { translated } from '../../client/translate.js';
import type { ReconciliationOptions } from '../../rules/reconciliation.js';
import { parseInterval, type RefundInterval } from '../../rules/schedule.js';
import { defineCommand } from '../command.js';
import { CliError } from '../failure.js';
import { withTemporal } from '../temporal.js';
import { DEFAULT_CALLS_PER_SECOND, DEFAULT_SINCE, type PeriodFlags, withPeriodFlags } from './flags.js';

const SCHEDULE_ID = 'worldfirst-refunds-reconciliation';

interface Flags extends PeriodFlags {
  daily?: boolean;
  at?: TimeOfDay;
  delete?: boolean;
}

interface TimeOfDay {
  hour: number;
  minute: number;
}

/** `reconcile schedule`: reconciles every day, by a Schedule of Temporal's. */
export function scheduleCommand(): Command {
  const command = defineCommand<Flags>('schedule', {
    description:
      'reconcile every day by a Temporal Schedule; each difference is notified by the attention webhook of the workers',
    examples: ['reconcile schedule --daily --at 03:00 --since 7d', 'reconcile schedule --delete'],
    run: async ({ options, output, env }) => {
      if (options.daily === options.delete)
        throw new CliError('USAGE', 'give either --daily or --delete. Nothing was changed.');
      if (options.since !== undefined && !parseInterval(options.since))
        throw new CliError(
          'USAGE',
          'the --since of a schedule must be an interval such as 7d. Nothing was changed.',
        );
      const { readRefundConfig } = await import('../../worker/refund-config.js');
      const { taskQueue } = readRefundConfig(env);
      const result = await withTemporal(env, ({ client }) =>
        translated(undefined, () =>
          options.delete ? deleted(client) : scheduled(client, taskQueue, options),
        ),
      );
      const document = { scheduleId: SCHEDULE_ID, result, taskQueue };
      output.result(document, () => `schedule ${SCHEDULE_ID}: ${result}`);
      return undefined;
    },
  });
  return withPeriodFlags(command)
    .option('--daily', 'reconcile every day; an existing schedule is updated')
    .option('--at <time>', 'the time of day in UTC, such as 03:00, which is the default', timeOfDay)
    .option('--delete', 'reconcile no more');
}

async function scheduled(client: Client, taskQueue: string, flags: Flags): Promise<'created' | 'updated'> {
  const { since = DEFAULT_SINCE, product, callsPerSecond = DEFAULT_CALLS_PER_SECOND } = flags;
  const options: ReconciliationOptions = {
    since: since as RefundInterval,
    callsPerSecond,
    ...(product && { product }),
  };
  const schedule = {
    spec: { calendars: [flags.at ?? { hour: 3, minute: 0 }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'reconcileRefunds',
      workflowId: 'reconcile-refunds',
      taskQueue,
      args: [options],
      staticSummary: `Compares refunds of the last ${since} with WorldFirst; changes none of them`,
    },
    // A day that Temporal was down is made up for; a slow run is not overtaken.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' as const },
  };
  const handle = client.schedule.getHandle(SCHEDULE_ID);
  try {
    // What an operator paused stays paused.
    await handle.update(({ state }) => ({ ...schedule, state }));
    return 'updated';
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
  await client.schedule.create({ scheduleId: SCHEDULE_ID, ...schedule });
  return 'created';
}

async function deleted(client: Client): Promise<'deleted' | 'not there'> {
  try {
    await client.schedule.getHandle(SCHEDULE_ID).delete();
    return 'deleted';
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return 'not there';
    throw error;
  }
}

function timeOfDay(text: string): TimeOfDay {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) throw new InvalidArgumentError('It must be a time such as 03:00.');
  return { hour: Number(hour), minute: Number(minute) };
}
