import type { JsonObject } from '@quotebridge/platform/core';
import { externalIdsOf } from '@quotebridge/connectors/sdk';
import { CRM_ORDER } from './mapping/order';
import type { OrderSettings } from './settings';
import { soqlText } from './soql';

/** The order of the CRM that a product order was made of. */
export const bornOf = (productOrder: JsonObject, instance: string): string | undefined =>
  externalIdsOf(productOrder, CRM_ORDER, instance)[0];

/** The opportunity behind a product order, which has the external identifiers of its quote. */
export const opportunityOf = (productOrder: JsonObject, instance: string): string | undefined =>
  externalIdsOf(productOrder, 'opportunity', instance)[0];

/** True for a product order that an order of the CRM stands for, or will. */
export const isShown = (productOrder: JsonObject, instance: string): boolean =>
  (bornOf(productOrder, instance) ?? opportunityOf(productOrder, instance)) !== undefined;

/** The query for some fields of the order that stands for a product order. */
export const orderOf = (
  productOrder: JsonObject & { readonly id: string },
  fields: readonly string[],
  { idField }: OrderSettings,
  instance: string,
): string => {
  const born = bornOf(productOrder, instance);
  const [name, value] = born === undefined ? [idField, productOrder.id] : ['Id', born];
  return `SELECT ${[...new Set(['Id', ...fields])].join(', ')} FROM Order WHERE ${name} = ${soqlText(value)}`;
};
