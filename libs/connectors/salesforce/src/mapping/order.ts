import { stableId, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import { externalIdentifier, objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import type { OrderSettings, SalesforceSettings } from '../settings';
import { readTime } from '../soql';
import { currencyOf, UNTOLD } from './currency';
import { customerOf, itemOfLine, lineFault } from './line';
import { mapped, type MapRecord } from './mapped';

/** Settings that the mapping of orders follows. */
export interface OrderMapSettings extends Pick<
  SalesforceSettings,
  'offeringSource' | 'customerNumberField' | 'currency'
> {
  readonly orders: OrderSettings;
}

/** Id of the product order that an order of the CRM becomes. */
export const orderId = (source: string, order: string): string => stableId(source, 'productOrder', order);

/** Type of the external identifier that leads from a product order to the order of the CRM it was made of. */
export const CRM_ORDER = 'order';

/**
 * True for an order that was made in the CRM: it does not name a product order, or the one that it became. One that
 * names another shows the order of a quote: we wrote it, and its return is our own echo.
 */
const isTheirs = (order: JsonObject, own: string, { idField }: OrderSettings): boolean =>
  [undefined, own].includes(textAt(order, idField));

/** True for an order that has reached a status with which it goes to the ERP, on the day that was agreed on or later. */
const isDue = (order: JsonObject, { take }: OrderSettings): boolean => {
  if (take?.statuses.includes(textAt(order, 'Status') ?? '') !== true) return false;
  const since = readTime(order['ActivatedDate']) ?? readTime(order['CreatedDate']) ?? '';
  return Date.parse(since) >= Date.parse(take.from);
};

const price = (unit: string, value: Json): JsonObject => ({
  '@type': 'OrderPrice',
  priceType: 'oneTime',
  price: { '@type': 'Price', dutyFreeAmount: { '@type': 'Money', unit, value } },
});

const startOf = (order: JsonObject): JsonObject => {
  const at = readTime(`${textAt(order, 'EffectiveDate') ?? ''}T00:00:00.000Z`);
  return at === undefined ? {} : { requestedStartDate: at };
};

/**
 * Order with its products and account → TMF622 productOrder (v5), at the prices that were agreed on in the CRM. Orders that we
 * wrote, and those that have not come that far, are none of our business. What the ERP makes of the order is ours to write, so
 * the echo of that maps to the same product order.
 */
export const mapOrder =
  (source: string, settings: OrderMapSettings): MapRecord =>
  (order) => {
    const id = textAt(order, 'Id') ?? '';
    const { orders } = settings;
    // What was ordered is not undone by losing its record: `cancellations` says what follows from that.
    const isOurs = !isTheirs(order, orderId(source, id), orders);
    if (id !== '' && (isOurs || order['IsDeleted'] === true || !isDue(order, orders))) return [];
    const faults: Fault[] = [];
    const unit = currencyOf(order, settings);
    if (unit === undefined) faults.push(UNTOLD);
    const lines = objectsIn(objectAt(order, 'OrderItems')['records']);
    const customer = customerOf(order, settings, faults);
    if (lines.length === 0)
      faults.push({ path: '/OrderItems', message: 'is empty: there is nothing to order', code: 'required' });
    let total = new Decimal(0);
    const productOrderItem = lines.map((line, index): JsonObject => {
      const path = `/OrderItems/records/${index}`;
      const place = { path, offeringSource: settings.offeringSource, faults };
      const { TotalPrice: value } = line;
      if (typeof value === 'number') total = total.plus(value);
      else lineFault(place, 'TotalPrice', 'is no number');
      return {
        '@type': 'ProductOrderItem',
        ...itemOfLine(line, textAt(line, 'Id'), place),
        itemTotalPrice: [price(unit ?? '', value ?? 0)],
      };
    });
    if (unit === undefined || faults.length > 0) return { faults };
    const description = textAt(order, 'Description') ?? textAt(order, 'Name');
    const purchaseOrder = textAt(order, 'PoNumber');
    return mapped(
      (one) => orderId(source, one),
      () => ({
        '@type': 'ProductOrder',
        ...(description === undefined ? {} : { description }),
        ...startOf(order),
        externalIdentifier: [
          externalIdentifier(source, CRM_ORDER, id),
          ...(purchaseOrder === undefined
            ? []
            : [externalIdentifier(source, 'purchaseOrder', purchaseOrder)]),
        ],
        relatedParty: [{ '@type': 'RelatedPartyRefOrPartyRoleRef', ...customer }],
        orderTotalPrice: [price(unit, total.toNumber())],
        productOrderItem,
      }),
    )(order);
  };
