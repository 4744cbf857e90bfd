import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { priceKind, isCharge, type RequestedAlteration } from '@quotebridge/cpq/pricing';

/** Extension attribute of an item: why it has no price, `{code, message}`. */
export const UNPRICED = 'unpricedReason';
/** Extension attribute of an item: the steps of its calculation. */
export const EXPLANATION = 'priceExplanation';

/** Extension attribute of a quote: ids of its items that have no price; absent when all have one. */
export const UNPRICED_ITEMS = 'unpricedItem';

/** Why the item has no price, undefined when it has one. */
export const unpricedReasonOf = (item: JsonObject): string | undefined => {
  const reason = item[UNPRICED];
  if (!isJsonObject(reason)) return undefined;
  return typeof reason['message'] === 'string' ? reason['message'] : 'the reason is not known';
};

/** Has the alteration been asked for, or does it come from the catalog (then it names its price)? */
export const isRequested = (alteration: JsonObject): boolean =>
  alteration['productOfferingPrice'] === undefined;

/**
 * The alterations asked for an item: those in `quoteItemPrice[].priceAlteration[]` that name no catalog price. A
 * calculated item gives back what was asked, so that pricing again changes nothing: one that touched several charges
 * of a type and period stands in several entries and is taken once.
 */
export const requestedAlterations = (item: JsonObject): readonly RequestedAlteration[] => {
  const found: RequestedAlteration[] = [];
  const most = new Map<string, number>();
  for (const entry of objectsAt(item, 'quoteItemPrice')) {
    const counts = new Map<string, number>();
    for (const alteration of objectsAt(entry, 'priceAlteration').filter(isRequested)) {
      const scope = scopeOf(entry);
      const key = JSON.stringify([scope, askedFor(alteration)]);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= (most.get(key) ?? 0)) continue;
      most.set(key, count);
      found.push({ alteration, ...scope });
    }
  }
  return found;
};

/**
 * The entries an item keeps when it cannot be priced, so that what was asked for it is not lost: one for each type and
 * period, because the same alteration in two entries would count as one that touched both.
 */
export const requestsOnly = (item: JsonObject): JsonObject[] => {
  const entries = new Map<string, { scope: Scope; asked: JsonObject[] }>();
  for (const { alteration, ...scope } of requestedAlterations(item)) {
    const key = JSON.stringify([scope.priceType, scope.recurringChargePeriod]);
    const entry = entries.get(key);
    if (entry === undefined) entries.set(key, { scope, asked: [alteration] });
    else entry.asked.push(alteration);
  }
  return [...entries.values()].map(({ scope, asked }) => ({
    '@type': 'QuotePrice',
    ...scope,
    priceAlteration: asked,
  }));
};

type Scope = Pick<RequestedAlteration, 'priceType' | 'recurringChargePeriod'>;

const scopeOf = ({ priceType, recurringChargePeriod }: JsonObject): Scope => ({
  ...(typeof priceType === 'string' && isCharge(priceKind(priceType)) ? { priceType } : {}),
  ...(typeof recurringChargePeriod === 'string' ? { recurringChargePeriod } : {}),
});

/** What was asked, without the amount that a percentage came to. */
const askedFor = (alteration: JsonObject): unknown => {
  const { name, priceType, priority, price } = alteration;
  const figures = isJsonObject(price) ? price : {};
  const figure = figures['percentage'] ?? figures['dutyFreeAmount'];
  return [name, priceType, priority, figure];
};
