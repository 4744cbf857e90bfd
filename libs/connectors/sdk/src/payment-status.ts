import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import type { Brought, Held } from './two-way';
import { objectAt, textAt } from './vendor-json';

/** Events of product orders, any of which may bring another payment status. */
export const ORDER_EVENTS: readonly string[] = [
  'ProductOrderCreateEvent',
  'ProductOrderStateChangeEvent',
  'ProductOrderAttributeValueChangeEvent',
].map((type) => `tmf.TMF622.productOrder.${type}`);

/** How the payment of a product order stands. TMF622 has no place for it; it stands where the business API keeps it. */
export const paymentStatusOf = (productOrder: JsonObject): Held =>
  textAt(objectAt(productOrder, 'businessOrder'), 'paymentStatus') ?? null;

/** Tells a product order how its payment stands in an outside system; see `TwoWayValue`. */
export const paymentPatch = (
  externalId: string,
  { key, value, turn, was }: Brought & { readonly key: string },
): IngestRecord => ({
  externalId,
  op: 'patch',
  id: key,
  resource: {
    '@type': 'ProductOrder',
    businessOrder: { paymentStatus: value, turn, ...(was === undefined ? {} : { was }) },
  },
});
