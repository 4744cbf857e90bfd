import { objectsAt, type JsonObject } from '@quotebridge/platform/core';

/** True when an outside system has the order: it carries the number of a sales order. */
export const isHandedOver = (order: JsonObject): boolean =>
  objectsAt(order, 'externalId').some((entry) => entry['externalIdentifierType'] === 'salesOrder');
