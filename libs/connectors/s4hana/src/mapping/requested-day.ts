import { instantOf } from '@quotebridge/platform/core';

const DAY = /^\d{4}-\d\d-\d\d$/;

const dayIn = (timeZone: string, instant: number): string => {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone, calendar: 'iso8601', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
};

/**
 * The day, `YYYY-MM-DD`, that a requested time means: that of the moment in the time zone of whoever delivers. Without one it is the
 * day as it is written, in the offset of who asks (TMF622: from the requestor's perspective); so is a day without a time.
 */
export const requestedDay = (time: string, timeZone: string | undefined): string => {
  const instant = instantOf(time);
  const isDay = DAY.test(time) || Number.isNaN(instant);
  return timeZone === undefined || isDay ? time.slice(0, 10) : dayIn(timeZone, instant);
};
