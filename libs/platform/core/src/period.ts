import { instantOf } from './instant';
import { textAt, type JsonObject } from './json';

const timeAt = (period: JsonObject | undefined, name: string, otherwise: number): number => {
  const time = instantOf(period === undefined ? '' : (textAt(period, name) ?? ''));
  return Number.isNaN(time) ? otherwise : time;
};

/** First moment of a TMF `TimePeriod`; minus infinity when it is open, or no date-time. */
export const startOf = (period: JsonObject | undefined): number =>
  timeAt(period, 'startDateTime', Number.NEGATIVE_INFINITY);

/** First moment after a TMF `TimePeriod`; infinity when it is open, or no date-time. */
export const endOf = (period: JsonObject | undefined): number =>
  timeAt(period, 'endDateTime', Number.POSITIVE_INFINITY);

/** True when the period holds at the time (milliseconds since the epoch): its end is outside, and no period holds always. */
export const isInForce = (period: JsonObject | undefined, at: number): boolean =>
  startOf(period) <= at && at < endOf(period);
