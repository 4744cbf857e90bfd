/** A place in a stream that is ordered by (time of change, id): safe for records that share a time. */
export interface Cursor {
  /** Time of change in the outside system, date-time in UTC. */
  readonly at: string;
  readonly id: string;
  /** The outside system's own mark of the place, where it gives one (a delta token). */
  readonly token?: string;
}

/** Negative when `left` comes first. Times are compared as instants, so differing notations do not matter. */
export const compareCursors = (left: Cursor, right: Cursor): number => {
  const byTime = Date.parse(left.at) - Date.parse(right.at);
  if (byTime !== 0) return byTime;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
};

/** The later one; an absent cursor is before everything. */
export const laterCursor = (left: Cursor | undefined, right: Cursor | undefined): Cursor | undefined => {
  if (left === undefined || right === undefined) return left ?? right;
  return compareCursors(left, right) < 0 ? right : left;
};

/**
 * Where a delta read begins: a window before the checkpoint, because the outside system may commit a record late or
 * its nodes' clocks may differ. Records in the window are recognised by their fingerprint.
 */
export const readFrom = (checkpoint: Cursor | undefined, overlapMs: number): string | undefined =>
  checkpoint === undefined ? undefined : new Date(Date.parse(checkpoint.at) - overlapMs).toISOString();
