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

/** The later one; an absent cursor is before everything, and a token is later than what was read before it. */
export const laterCursor = (left: Cursor | undefined, right: Cursor | undefined): Cursor | undefined => {
  if (left === undefined || right === undefined) return left ?? right;
  if (right.token !== undefined) return right;
  const later = compareCursors(left, right) < 0 ? right : left;
  // Between two tokens the older one still leads to everything that follows.
  return left.token === undefined ? later : { ...later, token: left.token };
};

/**
 * A place that is not in the future: a record with a time that is still to come (a wrong clock) must not make later
 * deltas pass what changes until then. Only costs reading a little again.
 */
export const notAfter = (cursor: Cursor, nowIso: string): Cursor =>
  Date.parse(cursor.at) > Date.parse(nowIso) ? { ...cursor, at: nowIso, id: '' } : cursor;

/**
 * Where a delta read begins: a window before the checkpoint, because the outside system may commit a record late or
 * its nodes' clocks may differ. Records in the window are recognised by their fingerprint.
 */
export const readFrom = (checkpoint: Cursor | undefined, overlapMs: number): string | undefined =>
  checkpoint === undefined ? undefined : new Date(Date.parse(checkpoint.at) - overlapMs).toISOString();
