import { isJsonObject, objectsAt, referencedId, type JsonObject } from '@quotebridge/platform/core';
import { decimalOf, marginOf, netOfItem, unitCost, type MarginLine } from '@quotebridge/cpq/pricing';
import type { CatalogReader } from '@quotebridge/tmf/client';
import type { Context } from '@quotebridge/platform/telemetry';
import { isCharged, itemsOf, offeringIdOf } from './items';

/** Extension attribute of a quote: what it earns. Confidential, so that it is in no event and no answer without the scope. */
export const MARGIN = 'margin';

/** What the margin is worked out with. */
interface MarginContext {
  readonly catalog: CatalogReader;
  /** Instant at which costs must hold, date-time text. */
  readonly date: string;
  readonly trace?: Context;
}

const specificationIdOf = (offering: JsonObject | undefined): string | undefined => {
  const reference = offering?.['productSpecification'];
  return isJsonObject(reference) ? referencedId(reference) : undefined;
};

const lineOf = async (
  item: JsonObject,
  { catalog, date, trace }: MarginContext,
): Promise<MarginLine | undefined> => {
  const offering = offeringIdOf(item);
  const net = netOfItem(item);
  // An item that only groups others, or that has no price (yet), is no line of its own.
  if (offering === undefined || net === undefined) return undefined;
  const id = String(item['id']);
  const specification = specificationIdOf(await catalog.offering(offering, trace));
  if (specification === undefined) {
    // What a bundle costs is what its parts cost, when these are items.
    const cost = objectsAt(item, 'quoteItem').length > 0 ? decimalOf(0) : undefined;
    return { id, net, cost };
  }
  const part = await catalog.specification(specification, trace);
  const one = part && unitCost(part, { date, currency: net.currency });
  const quantity = decimalOf(item['quantity'] ?? 1);
  return { id, net, cost: quantity && one?.times(quantity) };
};

/**
 * The margin of priced items, as far as the catalog tells this component what parts cost; undefined when it tells
 * nothing. Throws `CatalogAway` when it does not answer.
 */
export const quoteMargin = async (
  quoteItem: readonly JsonObject[],
  context: MarginContext,
): Promise<JsonObject | undefined> => {
  const charged = itemsOf({ quoteItem: [...quoteItem] }).filter(isCharged);
  const lines = await Promise.all(charged.map((item) => lineOf(item, context)));
  return marginOf(lines.filter((line) => line !== undefined));
};
