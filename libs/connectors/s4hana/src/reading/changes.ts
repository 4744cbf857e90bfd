import type { JsonObject } from '@quotebridge/platform/core';
import type { Cursor } from '@quotebridge/connectors/sdk';
import type { ODataClient, Query } from '../odata-client';
import { readDate } from '../odata-values';

/** Things that one query names; a filter with more of them would make too long an address. */
const NAMED = 40;
/** Things whose changes are worked on together, where not much belongs to each. */
export const LARGE_ROUND = 5 * NAMED;

/** What has no time of change was never changed, and comes before everything that was: systems sort it first. */
const NEVER = new Date(0).toISOString();

/** A change of something, named by its id, at the time of the record that tells of it. */
export type Change = Cursor;

/** The changes that records tell of; `idsOf` names what each has changed. */
export async function* changesIn(
  pages: AsyncIterable<readonly JsonObject[]>,
  idsOf: (record: JsonObject) => readonly (string | undefined)[],
): AsyncGenerator<Change> {
  for await (const page of pages)
    for (const record of page) {
      const at = readDate(record['LastChangeDateTime']) ?? NEVER;
      for (const id of idsOf(record)) if (id !== undefined) yield { at, id };
    }
}

/** The time of a change as a record tells it; nothing for what was never changed, which is no place to go on from. */
export const changedAtOf = (at: string): { readonly changedAt?: string } =>
  at === NEVER ? {} : { changedAt: at };

/** Changes in rounds that each name at most `size` things, every one once and at its last change in the round. */
export async function* roundsOf(
  changes: AsyncIterable<Change>,
  size: number = NAMED,
): AsyncGenerator<readonly Change[]> {
  let round = new Map<string, Change>();
  for await (const change of changes) {
    if (round.size >= size && !round.has(change.id)) {
      yield [...round.values()];
      round = new Map();
    }
    // Set anew, so that the round stays in the order of the changes.
    round.delete(change.id);
    round.set(change.id, change);
  }
  if (round.size > 0) yield [...round.values()];
}

/** All records of a set that are about some values, however many: in a few queries that are asked together. */
export const aboutAll = (
  client: Pick<ODataClient, 'together'>,
  set: string,
  values: readonly string[],
  query: (some: readonly string[]) => Query,
): Promise<readonly JsonObject[]> => {
  const queries: Query[] = [];
  for (let start = 0; start < values.length; start += NAMED)
    queries.push(query(values.slice(start, start + NAMED)));
  return client.together(set, queries);
};
