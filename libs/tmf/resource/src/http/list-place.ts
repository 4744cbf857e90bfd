import type { JsonObject } from '@quotebridge/platform/core';
import type { Filter } from '@quotebridge/platform/store';
import { cursorFilter, needsItem, wholeCursor, type ListQuery } from '@quotebridge/tmf/query';
import type { StoredResource } from '../stored';
import { refuseQuery } from './refuse-query';

/** Reads the named parts of the item that a cursor was made of. */
type ReadItem = (id: string, projection: Readonly<Record<string, 1>>) => Promise<StoredResource | null>;

/**
 * The filter for the side of the query's cursor; undefined without one. A cursor that was shortened is looked up by its item,
 * and refused with 400 when that is gone or has another place now: items would be left out in silence.
 */
export const placeOf = async (
  { cursor, sort }: ListQuery,
  read: ReadItem,
): Promise<Filter<StoredResource> | undefined> => {
  if (cursor === undefined) return undefined;
  const paths = Object.fromEntries(sort.map(({ storagePath }) => [storagePath, 1 as const]));
  const item = needsItem(cursor) ? ((await read(cursor.id, paths)) ?? undefined) : undefined;
  const whole = wholeCursor(sort, cursor, item as JsonObject | undefined);
  if (whole !== undefined) return cursorFilter(sort, whole);
  const message = `The item of the cursor was changed or removed meanwhile, so that its place is not known; start again without it.`;
  return refuseQuery([{ path: cursor.side, message, code: 'cursor' }]);
};
