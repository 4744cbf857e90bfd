import { isJsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import type { ConsumerBinding, ListenerBinding } from '@quotebridge/tmf/component';
import type { HttpCatalog } from './http-catalog';

const SUBJECTS = ['tmf.TMF620.productOffering.>', 'tmf.TMF620.productOfferingPrice.>'] as const;

interface CatalogChange {
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

/** Keeps the memory of a catalog true on every replica: what an event names is read again. */
export const catalogListener = (catalog: HttpCatalog): ListenerBinding => ({
  subjects: SUBJECTS,
  hear: (message) => {
    try {
      const { kind, id } = readCatalogChange(message.json());
      catalog.invalidate(kind, id);
    } catch {
      // Whatever it says, it may be about something we hold.
      catalog.forget();
    }
  },
  missed: () => catalog.forget(),
});

const specOf = (durable: string): ConsumerSpec => ({
  durable,
  stream: TMF_EVENTS,
  subjects: SUBJECTS,
  concurrency: 64,
  maxAttempts: 3,
  backoffMs: [200, 1_000],
  ackWaitMs: 10_000,
  startAt: 'new',
});

/** A consumer, durable under that name, that tells of every change of an offering or a price in the catalog. */
export const catalogChanges = (durable: string, onChange: () => void): ConsumerBinding => ({
  spec: specOf(durable),
  handle: async (delivery) => {
    readCatalogChange(delivery.json());
    onChange();
  },
});
