import type { JsonObject } from '@quotebridge/platform/core';
import type { Cursor } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';

/** Things that are asked for together; a filter with more of them would make too long an address. */
export const ROUND = 40;

/** A change of something, named by its id, at the time of the record that tells of it. */
export type Change = Cursor;

/** The changes that records tell of; `idsOf` names what each has changed. */
export async function* changesIn(
  pages: AsyncIterable<readonly JsonObject[]>,
  idsOf: (record: JsonObject) => readonly (string | undefined)[],
): AsyncGenerator<Change> {
  for await (const page of pages)
    for (const record of page) {
      const at = readDate(record['LastChangeDateTime']);
      if (at === undefined) continue;
      for (const id of idsOf(record)) if (id !== undefined) yield { at, id };
    }
}

/** Changes in rounds that each name at most {@link ROUND} things, every one once and at its last change in the round. */
export async function* roundsOf(changes: AsyncIterable<Change>): AsyncGenerator<readonly Change[]> {
  let round = new Map<string, Change>();
  for await (const change of changes) {
    if (round.size >= ROUND && !round.has(change.id)) {
      yield [...round.values()];
      round = new Map();
    }
    // Set anew, so that the round stays in the order of the changes.
    round.delete(change.id);
    round.set(change.id, change);
  }
  if (round.size > 0) yield [...round.values()];
}

/** Asks for many values in as many rounds as it takes. */
export const inRounds = async (
  values: readonly string[],
  ask: (values: readonly string[]) => Promise<readonly JsonObject[]>,
): Promise<readonly JsonObject[]> => {
  const found: JsonObject[] = [];
  for (let start = 0; start < values.length; start += ROUND)
    found.push(...(await ask(values.slice(start, start + ROUND))));
  return found;
};
