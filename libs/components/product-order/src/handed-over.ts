import type { JsonObject } from '@quotebridge/platform/core';
import { listAt } from './json';

/** True when an outside system has the order: it carries the number of a sales order. */
export const isHandedOver = (order: JsonObject): boolean =>
  listAt(order, 'externalId').some((entry) => entry['externalIdentifierType'] === 'salesOrder');
