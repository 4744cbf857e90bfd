const WITH_OFFSET = /(?:z|[+-]\d\d:?\d\d)$/i;

/** Milliseconds since the epoch; NaN for what is no date-time. Without an offset it is read as UTC, like everywhere here. */
const instantOf = (value: unknown): number => {
  if (typeof value !== 'string') return Number.NaN;
  return Date.parse(WITH_OFFSET.test(value) ? value : `${value}Z`);
};

/**
 * True for a TimePeriod that ends before it starts. A missing end or start is open, and an end at the start makes an
 * empty period, which outside systems have where something was cancelled before it began.
 */
export const isReversed = (period: unknown): boolean => {
  if (typeof period !== 'object' || period === null) return false;
  const { startDateTime, endDateTime } = period as Readonly<Record<string, unknown>>;
  return instantOf(endDateTime) < instantOf(startDateTime);
};
