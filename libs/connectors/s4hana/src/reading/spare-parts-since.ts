import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { BOM_ITEMS } from '../entity-sets';
import { allOf, anyOf, textLiteral, withoutLinks } from '../odata-values';
import { changedSince } from './changed-since';
import { aboutAll, changesIn, LARGE_ROUND, roundsOf } from './changes';
import { ITEM_KEYS, type StructureReading } from './structures-since';

const IS_SPARE = 'BOMItemIsSparePart eq true';

const groupOf = (item: JsonObject, field: string): string | undefined => {
  const [list, group] = [textAt(item, 'BillOfMaterial'), textAt(item, field)];
  return list === undefined || group === undefined ? undefined : `${list}/${group}`;
};

/**
 * Spare parts that stand in a list of parts with a changed item: `{ part, usedIn, followers, changedAt }`. Followers stand in
 * the same list and have the part's discontinuation group as their follow-up group.
 */
export async function* sparePartsSince(
  { client, plant, pageSize }: StructureReading,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  const here = `Plant eq ${textLiteral(plant)}`;
  const items = changedSince(
    client,
    {
      set: BOM_ITEMS,
      keys: ITEM_KEYS,
      timeField: 'LastChangeDateTime',
      filter: allOf(here, IS_SPARE),
      pageSize,
    },
    from,
    signal,
  );
  const changes = changesIn(items, (item) => [textAt(item, 'BillOfMaterialComponent')]);
  for await (const round of roundsOf(changes, LARGE_ROUND)) {
    const parts = round.map(({ id }) => id);
    const used = await aboutAll(client, BOM_ITEMS, parts, (some) => ({
      $filter: allOf(anyOf('BillOfMaterialComponent', some), here, IS_SPARE),
    }));
    const ending = used.flatMap((item) =>
      textAt(item, 'DiscontinuationGroup') === undefined ? [] : (textAt(item, 'BillOfMaterial') ?? []),
    );
    const followers = await aboutAll(client, BOM_ITEMS, [...new Set(ending)], (lists) => ({
      $filter: allOf(anyOf('BillOfMaterial', lists), here, "FollowUpGroup ne ''"),
    }));
    yield round.map(({ id: part, at: changedAt }) => {
      const usedIn = used.filter((item) => textAt(item, 'BillOfMaterialComponent') === part);
      const groups = new Set(usedIn.map((item) => groupOf(item, 'DiscontinuationGroup')));
      const follows = (item: JsonObject): boolean => groups.has(groupOf(item, 'FollowUpGroup'));
      return {
        part,
        changedAt,
        usedIn: usedIn.map(withoutLinks),
        followers: followers.filter(follows).map(withoutLinks),
      };
    });
  }
}
