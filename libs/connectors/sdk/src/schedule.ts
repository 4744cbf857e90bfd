import { messageOf } from '@quotebridge/platform/core';
import { parseDuration } from '@quotebridge/platform/config';
import { Cron } from 'croner';

/** When streams run: at the times of a cron expression, some time after the last round, or only when told. */
export type Schedule =
  | { readonly kind: 'cron'; readonly pattern: string; readonly timeZone: string }
  | { readonly kind: 'every'; readonly ms: number }
  | { readonly kind: 'event' };

const NAMED: Readonly<Record<string, string>> = { daily: '0 2 * * *', hourly: '0 * * * *' };

/**
 * Reads a schedule: `daily` (02:00), `hourly`, `every 60s`, `event` (only when told or pushed), or a cron expression
 * of five fields. Times are those of the time zone (IANA name). Throws a sentence that says what is wrong.
 */
export const readSchedule = (text: string, timeZone: string): Schedule => {
  const wanted = text.trim();
  if (wanted === 'event') return { kind: 'event' };
  const every = /^every\s+(.+)$/.exec(wanted)?.[1];
  if (every !== undefined) {
    const ms = parseDuration(every);
    if (ms === undefined || ms < 1_000)
      throw new Error(
        `"${text}" is no schedule: after "every" comes a duration of at least 1s, such as 60s or 5m`,
      );
    return { kind: 'every', ms };
  }
  const pattern = NAMED[wanted] ?? wanted;
  const next = firstTime(pattern, timeZone, text);
  if (next === null) throw new Error(`The schedule "${text}" never comes`);
  return { kind: 'cron', pattern, timeZone };
};

const firstTime = (pattern: string, timeZone: string, text: string): Date | null => {
  if (!pattern.startsWith('@') && pattern.split(/\s+/).length !== 5)
    throw new Error(
      `"${text}" is no schedule: use daily, hourly, event, "every 5m" or a cron expression of 5 fields`,
    );
  try {
    return cronOf(pattern, timeZone).nextRun();
  } catch (thrown) {
    throw new Error(`"${text}" in the time zone "${timeZone}" is no schedule: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
};

const cronOf = (pattern: string, timezone: string): Cron => new Cron(pattern, { timezone, paused: true });

/**
 * When the round after the one at `doneMs` is due, epoch milliseconds; never for `event`. A time that does not exist
 * on the day the clocks go forward comes when they have, one that exists twice comes the first time only.
 */
export const dueAfter = (schedule: Schedule, doneMs: number): number => {
  if (schedule.kind === 'event') return Infinity;
  if (schedule.kind === 'every') return doneMs + schedule.ms;
  return cronOf(schedule.pattern, schedule.timeZone).nextRun(new Date(doneMs))?.getTime() ?? Infinity;
};
