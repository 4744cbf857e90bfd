import { isJsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import type { ConsumerBinding } from '@quotebridge/tmf/component';

/** What a catalog event is about. */
export interface CatalogChange {
  readonly kind: 'productOffering' | 'productOfferingPrice';
  readonly id: string;
}

/** Reads a catalog event (TMF620 v5 envelope). */
const readCatalogChange = (envelope: unknown): CatalogChange => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  for (const kind of ['productOffering', 'productOfferingPrice'] as const) {
    const resource = event[kind];
    if (isJsonObject(resource) && typeof resource['id'] === 'string') return { kind, id: resource['id'] };
  }
  throw new PermanentError('The message is not an event about a product offering or its price');
};

const specOf = (durable: string): ConsumerSpec => ({
  durable,
  stream: TMF_EVENTS,
  subjects: ['tmf.TMF620.productOffering.>', 'tmf.TMF620.productOfferingPrice.>'],
  concurrency: 64,
  maxAttempts: 3,
  backoffMs: [200, 1_000],
  ackWaitMs: 10_000,
  startAt: 'new',
});

/** A consumer, durable under that name, that tells of every change of an offering or a price in the catalog. */
export const catalogChanges = (
  durable: string,
  onChange: (change: CatalogChange) => void,
): ConsumerBinding => ({
  spec: specOf(durable),
  handle: async (delivery) => onChange(readCatalogChange(delivery.json())),
});
