import { isoNow, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { compareCursors, textAt } from '@quotebridge/connectors/sdk';
import { changedSince } from './changed-since';
import { aboutAll, changedAtOf, changesIn, LARGE_ROUND, roundsOf, type Change } from './changes';
import { CONDITION_EXPAND, MATERIAL_EXPAND, PRICE_KEYS, PRICES, PRODUCTS } from '../entity-sets';
import type { PricedMaterial } from '../mapping/offering';
import { mergeOrdered } from './merge-ordered';
import type { ODataClient } from '../odata-client';
import { allOf, anyOf, expanded, expandedOne, readDate, withoutLinks } from '../odata-values';
import type { S4Settings } from '../settings';

/**
 * Materials that changed, or whose prices changed, since `from`, with all their list price conditions. Changes of both
 * sets are merged in order of time; a material is given at its last change only, so each comes once per read and the
 * offering always sees the prices that the price stream has published before.
 */
export async function* pricedMaterials(
  client: ODataClient,
  settings: S4Settings,
  clock: Clock,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly PricedMaterial[]> {
  const common = { timeField: 'LastChangeDateTime', pageSize: settings.pageSize };
  const isListPrice = anyOf('ConditionType', settings.priceConditionTypes);
  const products = changedSince(client, { ...common, set: PRODUCTS, keys: ['Product'] }, from, signal);
  const conditions = changedSince(
    client,
    {
      ...common,
      set: PRICES,
      keys: ['ConditionRecord'],
      filter: isListPrice,
      expand: 'to_SlsPrcgCndnRecdValidity',
    },
    from,
    signal,
  );
  const merged = mergeOrdered(
    changesIn(products, (record) => [textAt(record, 'Product')]),
    changesIn(conditions, (record) =>
      expanded(record, 'to_SlsPrcgCndnRecdValidity').map((key) => textAt(key, 'Material')),
    ),
    compareCursors,
  );
  for await (const round of roundsOf(merged, LARGE_ROUND))
    yield await joined(client, isListPrice, round, isoNow(clock));
}

const joined = async (
  client: ODataClient,
  isListPrice: string,
  round: readonly Change[],
  readAt: string,
): Promise<readonly PricedMaterial[]> => {
  const materials = round.map(({ id }) => id);
  const [products, keys] = await Promise.all([
    aboutAll(client, PRODUCTS, materials, (some) => ({
      $filter: anyOf('Product', some),
      $expand: MATERIAL_EXPAND,
    })),
    aboutAll(client, PRICE_KEYS, materials, (some) => ({
      $filter: allOf(anyOf('Material', some), isListPrice),
      $expand: `to_SlsPrcgConditionRecord,${CONDITION_EXPAND.split(',')
        .map((navigation) => `to_SlsPrcgConditionRecord/${navigation}`)
        .join(',')}`,
    })),
  ]);
  return round.flatMap(({ at, id }) => {
    const product = products.find((candidate) => textAt(candidate, 'Product') === id);
    if (product === undefined) return [];
    const conditions = conditionsOf(keys, id);
    const times = [product, ...conditions].map((record) =>
      Date.parse(readDate(record['LastChangeDateTime']) ?? at),
    );
    const isLast = Date.parse(at) >= Math.max(...times);
    if (!isLast) return [];
    return [
      {
        product: withoutLinks(product),
        conditions: conditions.map(withoutLinks),
        ...changedAtOf(at),
        readAt,
      },
    ];
  });
};

/** The condition records of a material, each once however many keys it has. */
const conditionsOf = (keys: readonly JsonObject[], material: string): readonly JsonObject[] => {
  const found = new Map<string, JsonObject>();
  for (const key of keys) {
    const record = expandedOne(key, 'to_SlsPrcgConditionRecord');
    if (textAt(key, 'Material') !== material || record === undefined) continue;
    found.set(textAt(record, 'ConditionRecord') ?? '', record);
  }
  return [...found.values()];
};
