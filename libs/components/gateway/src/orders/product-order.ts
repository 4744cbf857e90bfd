import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
import { lineTotal, totalOf } from './amounts';
import type { BusinessOrder, OrderedPart } from './business-order';

/** Type of the external identifier that carries the order number of the calling system. */
export const BUSINESS_ORDER = 'businessOrder';

/** What an order gets beside what the caller sent. */
export interface Placing {
  readonly id: string;
  /** Id of the caller: his order numbers are his own. */
  readonly caller: string;
  /** Stands for what was ordered, so that a repeat is told from another order. */
  readonly digest: string;
  /** The offering that sells a part. */
  readonly offeringOf: (part: string) => string;
}

const money = (unit: string, amount: string): JsonObject => ({
  '@type': 'OrderPrice',
  priceType: 'oneTime',
  price: { '@type': 'Price', dutyFreeAmount: { '@type': 'Money', unit, value: Number(amount) } },
});

const itemOf = (
  part: OrderedPart,
  id: string,
  currency: string,
  { offeringOf }: Placing,
  placing: Placing,
): JsonObject => {
  const total = lineTotal(part);
  return {
    '@type': 'ProductOrderItem',
    id,
    action: 'add',
    quantity: part.quantity,
    productOffering: {
      '@type': 'ProductOfferingRef',
      id: offeringOf(part.part),
      ...(part.name === undefined ? {} : { name: part.name }),
    },
    ...(total === undefined ? {} : { itemTotalPrice: [money(currency, total)] }),
    // What the caller named and gave: an offering cannot be led back to it.
    part: part.part,
    ...(part.unitPrice === undefined ? {} : { unitPrice: part.unitPrice }),
    ...(part.components.length === 0
      ? {}
      : {
          productOrderItem: part.components.map((component, index) =>
            itemOf(component, `${id}.${index + 1}`, currency, placing, placing),
          ),
        }),
  };
};

const defined = (fields: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** What TMF622 has no place for, kept beside it under one name. */
export const extensionOf = ({
  number,
  customer,
  payment,
  amount,
  currency,
  date,
  items,
}: BusinessOrder): JsonObject =>
  defined({
    number,
    paymentStatus: payment.status,
    paymentMethod: payment.method,
    amount: amount ?? totalOf(items),
    currency,
    date,
    phone: customer.phone,
    shipTo: customer.shipTo && { ...customer.shipTo },
    billTo: customer.billTo && { ...customer.billTo },
  });

const externalId = (owner: string, externalIdentifierType: string, id: string): JsonObject => ({
  '@type': 'ExternalIdentifier',
  owner,
  externalIdentifierType,
  id,
});

/** A business order as a TMF622 product order (v5). Every line has its price by now. */
export const toProductOrder = (order: BusinessOrder, placing: Placing): JsonObject => {
  const { customer, number, currency, items, purchaseOrder, note } = order;
  const total = totalOf(items);
  return {
    '@type': 'ProductOrder',
    id: placing.id,
    externalId: [
      externalId(placing.caller, BUSINESS_ORDER, String(number ?? placing.id)),
      ...(purchaseOrder === undefined ? [] : [externalId(placing.caller, 'purchaseOrder', purchaseOrder)]),
    ],
    relatedParty: [
      {
        '@type': 'RelatedPartyRefOrPartyRoleRef',
        role: 'customer',
        partyOrPartyRole: {
          '@type': 'PartyRoleRef',
          '@referredType': 'Customer',
          id: customer.id,
          ...(customer.name === undefined ? {} : { name: customer.name }),
        },
      },
    ],
    ...(customer.email === undefined ? {} : { notificationContact: customer.email }),
    ...(order.requestedDelivery === undefined ? {} : { requestedCompletionDate: order.requestedDelivery }),
    ...(note === undefined ? {} : { note: [{ '@type': 'Note', id: '1', text: note }] }),
    ...(total === undefined ? {} : { orderTotalPrice: [money(currency, total)] }),
    productOrderItem: items.map((item, index) => itemOf(item, String(index + 1), currency, placing, placing)),
    businessOrder: { ...extensionOf(order), digest: placing.digest },
  };
};

/** Where a fault of a product order stands in the body that the caller sent. */
export const placeInBody = (path: string): string =>
  path
    .replace(/\/productOrderItem/, '/items')
    .replaceAll('/productOrderItem', '/components')
    .replace(/\/productOffering(\/id)?$/, '/part');

/** What stands on an order beside TMF622; a connector tells the payment status there of orders from elsewhere as well. */
export const besideOf = (order: JsonObject): JsonObject => {
  const found = order['businessOrder'];
  return isJsonObject(found) ? found : {};
};

/** What {@link extensionOf} has kept on an order; undefined for orders that did not come through the business API. */
export const businessOf = (order: JsonObject): JsonObject | undefined => {
  const beside = besideOf(order);
  return beside['digest'] === undefined ? undefined : beside;
};

/** Identifiers of a type on an order. */
export const externalIdsOf = (order: JsonObject, type: string): string[] =>
  objectsIn(order['externalId']).flatMap(({ externalIdentifierType, id }) =>
    externalIdentifierType === type && typeof id === 'string' ? [id] : [],
  );
