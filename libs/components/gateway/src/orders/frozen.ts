import { isJsonObject, objectsIn, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { BusinessOrder } from './business-order';
import { lineTotal } from './amounts';
import { businessOf, externalIdsOf } from './product-order';

const frozen = (path: string, message: string): Fault => ({ path, message, code: 'frozen' });

const customerIdOf = (order: JsonObject): string | undefined => {
  const party = objectsIn(order['relatedParty'])[0]?.['partyOrPartyRole'];
  return isJsonObject(party) ? String(party['id']) : undefined;
};

const isSameTime = (a: unknown, b: string): boolean =>
  typeof a === 'string' && new Date(a).getTime() === new Date(b).getTime();

/** What stands beside the items; where the caller leaves it out, it stays as it was ordered. */
const besideFaults = (
  before: JsonObject,
  business: JsonObject,
  { amount, requestedDelivery, purchaseOrder, note }: BusinessOrder,
): Fault[] => {
  const checks: readonly (readonly [
    path: string,
    wanted: string | undefined,
    isSame: (wanted: string) => boolean,
  ])[] = [
    ['/amount', amount, (wanted) => business['amount'] === wanted],
    [
      '/requested_delivery_date',
      requestedDelivery,
      (wanted) => isSameTime(before['requestedCompletionDate'], wanted),
    ],
    ['/purchase_order', purchaseOrder, (wanted) => externalIdsOf(before, 'purchaseOrder').includes(wanted)],
    ['/note', note, (wanted) => objectsIn(before['note']).some(({ text }) => text === wanted)],
  ];
  return checks.flatMap(([path, wanted, isSame]) =>
    wanted === undefined || isSame(wanted)
      ? []
      : [frozen(path, 'is not what was ordered, and is not changed here; leave it out')],
  );
};

/** What a caller may not change of an order that he has placed: it is the ERP's by now. */
export const frozenFaults = (before: JsonObject, wanted: BusinessOrder): Fault[] => {
  const business = businessOf(before);
  if (business === undefined)
    return [frozen('', 'The order did not come through this API and is not changed here')];
  const faults = besideFaults(before, business, wanted);
  const tell = (isDifferent: boolean, path: string, message: string): void => {
    if (isDifferent) faults.push(frozen(path, message));
  };
  const { number, customer, items, currency } = wanted;
  tell(
    number !== business['number'],
    '/order_number',
    `must be ${String(business['number'])}, the number of the order`,
  );
  const customerId = customerIdOf(before);
  tell(
    customer.id !== customerId,
    '/customer_id',
    `must be ${String(customerId)}: the order is placed for that customer`,
  );
  tell(currency !== business['currency'], '/currency', `must be ${String(business['currency'])}, as ordered`);
  const ordered = objectsIn(before['productOrderItem']);
  tell(
    items.length !== ordered.length,
    '/items',
    `must be the ${ordered.length} that were ordered; place another order`,
  );
  for (const [index, item] of items.entries()) {
    const was = ordered[index];
    if (was === undefined) break;
    const isSame = was['part'] === item.part && was['quantity'] === item.quantity;
    tell(
      !isSame,
      `/items/${index}`,
      `must be ${String(was['quantity'])} of ${String(was['part'])}, as ordered`,
    );
    // A price that the caller leaves out is the one that it was ordered for.
    const price = was['unitPrice'];
    const isPriced = lineTotal(item) !== undefined && item.unitPrice !== price;
    tell(isSame && isPriced, `/items/${index}/unit_price`, `must be ${String(price)}, as ordered`);
  }
  return faults;
};
