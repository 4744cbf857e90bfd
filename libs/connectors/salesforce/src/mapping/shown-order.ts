import type { Json, JsonObject } from '@quotebridge/platform/core';
import { externalIdsOf, objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import type { OrderSettings } from '../settings';
import { otherCurrency } from './currency';
import { currenciesIn, netOf } from './net';

/** What the fields of an order in the CRM tell of its product order, as far as the org has fields for it. */
export const reportOf = (productOrder: JsonObject, { fields }: OrderSettings): JsonObject => {
  const values: Readonly<Record<keyof OrderSettings['fields'], Json | undefined>> = {
    state: textAt(productOrder, 'state'),
    number: externalIdsOf(productOrder, 'salesOrder').at(-1),
  };
  return Object.fromEntries(
    (Object.entries(fields) as [keyof typeof values, string][]).flatMap(([kind, field]): [string, Json][] => {
      const value = values[kind];
      return value === undefined ? [] : [[field, value]];
    }),
  );
};

/** A product of an order that is to be made in the CRM; its entry is found by the offering. */
export interface ShownLine {
  readonly offering: string;
  readonly fields: JsonObject;
}

/** Why the amounts of a product order are not those of an order in this currency. */
export const orderInOther = (productOrder: JsonObject, currency: string | undefined): string | undefined =>
  otherCurrency(currenciesIn(objectsIn(productOrder['productOrderItem']).flatMap(pricesOf)), currency);

const pricesOf = (item: JsonObject): readonly JsonObject[] => {
  const totals = objectsIn(item['itemTotalPrice']);
  const own = totals.length > 0 ? totals : objectsIn(item['itemPrice']);
  return [...own, ...objectsIn(item['productOrderItem']).flatMap(pricesOf)];
};

/**
 * The products of an order, one for each item that adds something; what an item is made of counts as part of its price. An
 * order of the CRM multiplies the unit price, so that a total may differ by what rounding takes. Pure.
 */
export const shownLines = (productOrder: JsonObject, unitPriceDecimals: number): readonly ShownLine[] =>
  objectsIn(productOrder['productOrderItem']).flatMap((item): ShownLine[] => {
    const offering = textAt(objectAt(item, 'productOffering'), 'id');
    const { quantity = 1 } = item;
    if (item['action'] !== 'add' || offering === undefined || typeof quantity !== 'number' || quantity <= 0)
      return [];
    const note = textAt(objectsIn(item['note'])[0] ?? {}, 'text');
    const net = netOf(pricesOf(item)) ?? new Decimal(0);
    const unitPrice = net.dividedBy(quantity).toDecimalPlaces(unitPriceDecimals, Decimal.ROUND_HALF_UP);
    return [
      {
        offering,
        fields: {
          Quantity: quantity,
          UnitPrice: unitPrice.toNumber(),
          ...(note === undefined ? {} : { Description: note.slice(0, 255) }),
        },
      },
    ];
  });
