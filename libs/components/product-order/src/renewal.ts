import { isDeepStrictEqual } from 'node:util';
import {
  objectAt,
  objectsAt,
  Refusal,
  textAt,
  type Fault,
  type Json,
  type JsonObject,
} from '@quotebridge/platform/core';
import { mergeIdentifiers } from '@quotebridge/tmf/resource';
import { offeringIdOf } from './catalog-rules';
import { placedItems } from './items';

const customerOf = (order: JsonObject): string | undefined => {
  const isCustomer = ({ role }: JsonObject): boolean =>
    typeof role === 'string' && role.toLowerCase() === 'customer';
  const related = objectsAt(order, 'relatedParty').find(isCustomer) ?? {};
  return textAt(objectAt(related, 'partyOrPartyRole'), 'id');
};

/** What an item orders, as far as it can be told from another order; amounts without their classes. */
const orderedBy = (item: JsonObject): readonly (Json | undefined)[] => {
  const amounts = [...objectsAt(item, 'itemTotalPrice'), ...objectsAt(item, 'itemPrice')].map(
    (price): Json => {
      const { value, unit } = objectAt(objectAt(price, 'price'), 'dutyFreeAmount');
      return [price['priceType'] ?? null, unit ?? null, value ?? null];
    },
  );
  return [item['action'], item['quantity'], offeringIdOf(item), amounts];
};

/** What an order that arrives again orders otherwise than before: for whom, what, how much of it, at which price. */
export const renewalFaults = (current: JsonObject, incoming: JsonObject): readonly Fault[] => {
  const fault = (path: string, message: string): Fault => ({ path, message, code: 'alreadyOrdered' });
  const known = new Map(placedItems(current).map(({ item }) => [item['id'], item]));
  const placed = placedItems(incoming);
  const left = new Set(placed.map(({ item }) => item['id']));
  return [
    ...(customerOf(current) === customerOf(incoming)
      ? []
      : [fault('/relatedParty', 'is for another customer than it was ordered for')]),
    ...placed.flatMap(({ item, path }) => {
      const was = known.get(item['id']);
      if (was === undefined) return [fault(path, 'was not ordered')];
      return isDeepStrictEqual(orderedBy(was), orderedBy(item)) ? [] : [fault(path, 'was ordered otherwise')];
    }),
    ...[...known.keys()].flatMap((id) =>
      left.has(id) ? [] : [fault('/productOrderItem', `lacks the item '${String(id)}' that was ordered`)],
    ),
  ];
};

/**
 * An order of an outside system that arrives again: its identifiers are renewed; its course here, and what was ordered, stay.
 * One that orders something else meanwhile is refused, because the first is the ERP's already.
 */
export const renewed = (current: JsonObject, incoming: JsonObject): JsonObject => {
  const faults = renewalFaults(current, incoming);
  const [first] = faults;
  if (first !== undefined) {
    const message = `${first.path} ${first.message}; what was ordered stays: cancel the order and make another one`;
    throw new Refusal(409, 'alreadyOrdered', message, { faults });
  }
  return { ...current, externalId: mergeIdentifiers(current['externalId'], incoming['externalId']) };
};
