import { isJsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import type { ConsumerBinding } from '@quotebridge/tmf/component';

/** What a catalog event is about. */
export interface CatalogChange {
  readonly kind: 'productOffering' | 'productOfferingPrice';
  readonly id: string;
}

/** Reads a catalog event (TMF620 v5 envelope). */
export const readCatalogChange = (envelope: unknown): CatalogChange => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  for (const kind of ['productOffering', 'productOfferingPrice'] as const) {
    const resource = event[kind];
    if (isJsonObject(resource) && typeof resource['id'] === 'string') return { kind, id: resource['id'] };
  }
  throw new PermanentError('The message is not an event about a product offering or its price');
};

const spec: ConsumerSpec = {
  durable: 'quote-catalog-changes',
  stream: TMF_EVENTS,
  subjects: ['tmf.TMF620.productOffering.>', 'tmf.TMF620.productOfferingPrice.>'],
  concurrency: 64,
  maxAttempts: 3,
  backoffMs: [200, 1_000],
  ackWaitMs: 10_000,
  startAt: 'new',
};

/** Tells the cache and the waiting quotes that something in the catalog changed. */
export const catalogChanges = (onChange: (change: CatalogChange) => void): ConsumerBinding => ({
  spec,
  handle: async (delivery) => onChange(readCatalogChange(delivery.json())),
});
