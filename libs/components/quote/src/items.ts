import {
  isJsonObject,
  objectsAt,
  referencedId,
  type Fault,
  type JsonObject,
} from '@quotebridge/platform/core';

/** Items of a quote, each before those nested in it. */
export const itemsOf = (quote: JsonObject): readonly JsonObject[] => {
  const walk = (items: readonly JsonObject[]): readonly JsonObject[] =>
    items.flatMap((item) => [item, ...walk(objectsAt(item, 'quoteItem'))]);
  return walk(objectsAt(quote, 'quoteItem'));
};

/** The quote with every item, nested ones first, replaced by what `change` makes of it. */
export const mapItems = (quote: JsonObject, change: (item: JsonObject) => JsonObject): JsonObject => {
  const nested = (holder: JsonObject): JsonObject =>
    Array.isArray(holder['quoteItem'])
      ? { ...holder, quoteItem: objectsAt(holder, 'quoteItem').map((item) => change(nested(item))) }
      : holder;
  return nested(quote);
};

/** Does the item add something that has to be paid? Items that end or only mention a product cost nothing. */
export const isCharged = (item: JsonObject): boolean =>
  item['action'] !== 'delete' && item['action'] !== 'noChange';

/** The offering that an item names, on itself or on its product: its id, with the version when it names one. */
export const offeringIdOf = (item: JsonObject): string | undefined => {
  const product = isJsonObject(item['product']) ? item['product'] : {};
  for (const reference of [item['productOffering'], product['productOffering']]) {
    const id = isJsonObject(reference) ? referencedId(reference) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
};

/** Gives items without an id the lowest free number, and without an action `add`. */
export const completeItems = (quote: JsonObject): JsonObject => {
  const used = new Set(itemsOf(quote).map(({ id }) => id));
  let last = 0;
  const nextId = (): string => {
    do last += 1;
    while (used.has(String(last)));
    return String(last);
  };
  return mapItems(quote, (item) => ({
    '@type': 'QuoteItem',
    ...item,
    id: typeof item['id'] === 'string' && item['id'] !== '' ? item['id'] : nextId(),
    action: item['action'] ?? 'add',
    quantity: item['quantity'] ?? 1,
  }));
};

/** What makes the items of a quote unusable: no items, an id used twice, a quantity that is not above zero. */
export const itemFaults = (quote: JsonObject): readonly Fault[] => {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const walk = (items: readonly JsonObject[], path: string): void => {
    items.forEach((item, index) => {
      const at = `${path}/quoteItem/${index}`;
      const id = String(item['id']);
      const { quantity } = item;
      if (seen.has(id)) {
        faults.push({
          path: `${at}/id`,
          message: `the id '${id}' is used by another item`,
          code: 'duplicate',
        });
      }
      seen.add(id);
      if (typeof quantity === 'number' && quantity <= 0) {
        faults.push({ path: `${at}/quantity`, message: 'must be above zero', code: 'minimum' });
      }
      walk(objectsAt(item, 'quoteItem'), at);
    });
  };
  walk(objectsAt(quote, 'quoteItem'), '');
  if (seen.size === 0)
    faults.push({ path: '/quoteItem', message: 'needs at least one item', code: 'minItems' });
  return faults;
};
