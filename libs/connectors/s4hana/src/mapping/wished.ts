import type { JsonObject } from '@quotebridge/platform/core';
import { externalIdsOf, textAt } from '@quotebridge/connectors/sdk';
import { readDate, writeDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { requestedDay } from './requested-day';

/** What of a sales order follows its product order after it was created. */
interface Wished {
  /** Day on which it is to be delivered, `YYYY-MM-DD`. */
  readonly day?: string;
  /** Number of the customer's own order. */
  readonly purchaseOrder?: string;
}

/** Longest number of a customer's order that S/4HANA takes. */
const LONGEST = 35;

/** What a product order wishes; nothing when it says nothing of it. */
export const wishedIn = (order: JsonObject, { timeZone }: Pick<S4Settings, 'timeZone'>): Wished => {
  const requested = textAt(order, 'requestedCompletionDate');
  const day = requested === undefined ? undefined : requestedDay(requested, timeZone);
  const [purchaseOrder] = externalIdsOf(order, 'purchaseOrder');
  return {
    ...(day === undefined ? {} : { day }),
    ...(purchaseOrder === undefined ? {} : { purchaseOrder: purchaseOrder.slice(0, LONGEST) }),
  };
};

/** The fields of a sales order, new or changed, that say it. */
export const fieldsOf = ({ day, purchaseOrder }: Wished): JsonObject => ({
  ...(purchaseOrder === undefined ? {} : { PurchaseOrderByCustomer: purchaseOrder }),
  ...(day === undefined ? {} : { RequestedDeliveryDate: writeDate(`${day}T00:00:00Z`) }),
});

/** The part of a wish that a sales order does not fulfil. */
export const missingIn = (salesOrder: JsonObject, { day, purchaseOrder }: Wished): Wished => ({
  ...(day === undefined || readDate(salesOrder['RequestedDeliveryDate'])?.slice(0, 10) === day
    ? {}
    : { day }),
  ...(purchaseOrder === undefined || textAt(salesOrder, 'PurchaseOrderByCustomer') === purchaseOrder
    ? {}
    : { purchaseOrder }),
});
