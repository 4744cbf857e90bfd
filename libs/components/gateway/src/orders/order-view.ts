import { isJsonObject, objectsIn, type JsonObject } from '@quotebridge/platform/core';
import { besideOf, externalIdsOf } from './product-order';

const given = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const customerOf = (order: JsonObject): JsonObject => {
  const customer = objectsIn(order['relatedParty']).find(
    ({ role }) => typeof role === 'string' && role.toLowerCase() === 'customer',
  );
  const party = customer?.['partyOrPartyRole'];
  return isJsonObject(party) ? party : {};
};

const itemsOf = (order: JsonObject): JsonObject[] =>
  objectsIn(order['productOrderItem']).map(({ part, quantity, unitPrice, productOffering }) =>
    given({
      part: part ?? (isJsonObject(productOffering) ? productOffering['id'] : undefined),
      quantity,
      unit_price: unitPrice,
    }),
  );

const totalOf = (order: JsonObject): JsonObject => {
  const [entry] = objectsIn(order['orderTotalPrice']);
  const price = entry?.['price'];
  const money = isJsonObject(price) ? price['dutyFreeAmount'] : undefined;
  return isJsonObject(money) ? money : {};
};

/** A TMF622 order (v5) in the words of the contract, first version. */
const orderV1 = (order: JsonObject): JsonObject => {
  const business = besideOf(order);
  const total = totalOf(order);
  const { value } = total;
  return given({
    id: order['id'],
    cust_id: customerOf(order)['id'],
    order_id: business['number'],
    email: order['notificationContact'],
    status: business['paymentStatus'],
    payment_method: business['paymentMethod'],
    amount: business['amount'] ?? (value === undefined ? undefined : String(value)),
    currency: business['currency'] ?? total['unit'],
    order_date: business['date'],
    state: order['state'],
    items: itemsOf(order),
  });
};

/** The same with what the second version adds. `statusUrl` leads to the progress of the order. */
const orderV2 = (order: JsonObject, statusUrl: string): JsonObject => ({
  ...orderV1(order),
  ...given({
    sales_order: externalIdsOf(order, 'salesOrder')[0],
    requested_delivery_date: order['requestedCompletionDate'],
    purchase_order: externalIdsOf(order, 'purchaseOrder')[0],
    note: objectsIn(order['note'])[0]?.['text'],
    created_at: order['creationDate'],
    status_url: statusUrl,
  }),
});

/** Views of an order by version. */
export const ORDER_VIEWS = { v1: orderV1, v2: orderV2 } as const;
