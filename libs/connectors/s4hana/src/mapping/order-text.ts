import type { JsonObject } from '@quotebridge/platform/core';
import { objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';

/** An address in one line, for people. */
const addressOf = (address: JsonObject): string => {
  const town = [textAt(address, 'postalCode'), textAt(address, 'city')].filter(Boolean).join(' ');
  const parts = [textAt(address, 'name'), textAt(address, 'street'), town, textAt(address, 'country')];
  return parts.filter(Boolean).join(', ');
};

/**
 * What whoever delivers an order has to know and a sales order has no field for, as text: remarks, addresses for goods and
 * bills, and how to reach the customer. Empty when there is nothing to say.
 */
export const orderText = (order: JsonObject): string => {
  const business = objectAt(order, 'businessOrder');
  const said: readonly (readonly [what: string, text: string | undefined])[] = [
    ...objectsIn(order['note']).map((note) => ['Note', textAt(note, 'text')] as const),
    ['Ship to', addressOf(objectAt(business, 'shipTo'))],
    ['Bill to', addressOf(objectAt(business, 'billTo'))],
    ['E-mail', textAt(order, 'notificationContact')],
    ['Phone', textAt(business, 'phone')],
  ];
  return said
    .flatMap(([what, text]) => (text === undefined || text === '' ? [] : [`${what}: ${text}`]))
    .join('\n');
};
