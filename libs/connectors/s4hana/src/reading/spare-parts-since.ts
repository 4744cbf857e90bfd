import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { BOM_ITEMS } from '../entity-sets';
import { allOf, anyOf, textLiteral, withoutLinks } from '../odata-values';
import { changedSince } from './changed-since';
import { aboutAll, changedAtOf, changesIn, LARGE_ROUND, roundsOf, type Change } from './changes';
import { ITEM_KEYS, type StructureReading } from './structures-since';

/** An indicator of one sign: which one is up to the system. */
const IS_SPARE = "BOMItemIsSparePart ne ''";
const FOLLOWS = "FollowUpGroup ne ''";
const ENDS = "DiscontinuationGroup ne ''";

type Client = Pick<StructureReading['client'], 'together'>;

const groupOf = (item: JsonObject, field: string): string | undefined => {
  const [list, group] = [textAt(item, 'BillOfMaterial'), textAt(item, field)];
  return list === undefined || group === undefined ? undefined : `${list}/${group}`;
};

const [PART, GROUP] = ['part/', 'group/'];

/** What a changed item is about: the part, and the group whose parts it follows. */
const idsOf = (item: JsonObject): readonly (string | undefined)[] => {
  const [part, follows] = [textAt(item, 'BillOfMaterialComponent'), groupOf(item, 'FollowUpGroup')];
  const isSpare = textAt(item, 'BOMItemIsSparePart') !== undefined;
  return [
    part === undefined || !isSpare ? undefined : `${PART}${part}`,
    follows === undefined ? undefined : `${GROUP}${follows}`,
  ];
};

/** The parts of a round, each at its last change: those that changed, and those whose followers did. */
const partsIn = async (
  client: Client,
  here: string,
  round: readonly Change[],
): Promise<readonly Change[]> => {
  const groups = new Map(
    round.flatMap(({ id, at }) => (id.startsWith(GROUP) ? [[id.slice(GROUP.length), at] as const] : [])),
  );
  const lists = new Set([...groups.keys()].map((group) => group.slice(0, group.indexOf('/'))));
  const ending = await aboutAll(client, BOM_ITEMS, [...lists], (some) => ({
    $filter: allOf(anyOf('BillOfMaterial', some), here, IS_SPARE, ENDS),
  }));
  const found = [
    ...round.flatMap(({ id, at }) => (id.startsWith(PART) ? [{ id: id.slice(PART.length), at }] : [])),
    ...ending.flatMap((item): Change[] => {
      const [id, at] = [
        textAt(item, 'BillOfMaterialComponent'),
        groups.get(groupOf(item, 'DiscontinuationGroup') ?? ''),
      ];
      return id === undefined || at === undefined ? [] : [{ id, at }];
    }),
  ];
  const latest = new Map<string, Change>();
  for (const one of found) if ((latest.get(one.id)?.at ?? '') < one.at) latest.set(one.id, one);
  return [...latest.values()];
};

/**
 * Spare parts of which an item has changed in a list of parts, or that of a follower: `{ part, usedIn, followers, changedAt }`.
 * Followers stand in the same list and have the part's discontinuation group as their follow-up group.
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
      filter: allOf(here, `(${IS_SPARE} or ${FOLLOWS})`),
      pageSize,
    },
    from,
    signal,
  );
  for await (const round of roundsOf(changesIn(items, idsOf), LARGE_ROUND)) {
    const changed = await partsIn(client, here, round);
    const used = await aboutAll(
      client,
      BOM_ITEMS,
      changed.map(({ id }) => id),
      (some) => ({ $filter: allOf(anyOf('BillOfMaterialComponent', some), here, IS_SPARE) }),
    );
    const ending = used.flatMap((item) =>
      textAt(item, 'DiscontinuationGroup') === undefined ? [] : (textAt(item, 'BillOfMaterial') ?? []),
    );
    const followers = await aboutAll(client, BOM_ITEMS, [...new Set(ending)], (lists) => ({
      $filter: allOf(anyOf('BillOfMaterial', lists), here, FOLLOWS),
    }));
    yield changed.map(({ id: part, at }) => {
      const usedIn = used.filter((item) => textAt(item, 'BillOfMaterialComponent') === part);
      const groups = new Set(usedIn.map((item) => groupOf(item, 'DiscontinuationGroup')));
      const follows = (item: JsonObject): boolean => groups.has(groupOf(item, 'FollowUpGroup'));
      return {
        part,
        ...changedAtOf(at),
        usedIn: usedIn.map(withoutLinks),
        followers: followers.filter(follows).map(withoutLinks),
      };
    });
  }
}
