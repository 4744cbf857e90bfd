import { instantOf } from '@quotebridge/platform/core';

const timeOf = (value: unknown): number => (typeof value === 'string' ? instantOf(value) : Number.NaN);

/**
 * True for a TimePeriod that ends before it starts. A missing end or start is open, and an end at the start makes an
 * empty period, which outside systems have where something was cancelled before it began.
 */
export const isReversed = (period: unknown): boolean => {
  if (typeof period !== 'object' || period === null) return false;
  const { startDateTime, endDateTime } = period as Readonly<Record<string, unknown>>;
  return timeOf(endDateTime) < timeOf(startDateTime);
};
