import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import { CatalogAway } from '@quotebridge/tmf/client';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import { attributesOf, type StoredResource } from '@quotebridge/tmf/resource';
import { eachQuote } from './each-quote';
import { keyOf, UNKNOWN_PRODUCTS } from './item-structure';
import { OPEN, UPDATABLE } from './states';
import { withStructures, type Structures } from './structures';

/** Names looked for a second time; of a load of machines the rest is looked for once. */
const MOST_SEEN = 1_000;

/** What items call the product that an event of the inventory (TMF637 v5 envelope) is about. */
export const namesOfProduct = (envelope: unknown): readonly string[] => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  const { product } = event;
  if (!isJsonObject(product) || typeof product['id'] !== 'string')
    throw new PermanentError('The message is not an event about a product');
  const { id, productSerialNumber: serial } = product;
  return [
    keyOf({ kind: 'product', id }),
    ...(typeof serial === 'string' && serial !== '' ? [keyOf({ kind: 'serialNumber', id: serial })] : []),
  ];
};

const spec: ConsumerSpec = {
  durable: 'quote-product-appearances',
  stream: TMF_EVENTS,
  subjects: ['tmf.TMF637.product.ProductCreateEvent', 'tmf.TMF637.product.ProductAttributeValueChangeEvent'],
  concurrency: 8,
  maxAttempts: 8,
  backoffMs: [200, 1_000, 5_000, 30_000],
  ackWaitMs: 30_000,
  startAt: 'new',
  // A quote cannot be priced while the catalog is away; that says nothing about the product.
  isTransient: (thrown) =>
    isTransientStoreError(thrown) ||
    thrown instanceof CatalogAway ||
    (thrown instanceof Refusal && thrown.status === 503),
};

/** Completes open quotes that name one of these products. */
type Complete = (names: readonly string[], stopping: AbortSignal) => Promise<void>;

/** Gives items of the quotes that name one of these products, and can still change, their structure. */
export const completeNamed =
  (runtime: Runtime, structures: Structures): Complete =>
  (names, stopping) => {
    const filter = { [UNKNOWN_PRODUCTS]: { $in: [...names] }, state: OPEN };
    const complete = async (current: StoredResource): Promise<JsonObject> => {
      const quote = attributesOf(current);
      return UPDATABLE.has(quote['state']) ? withStructures(undefined, quote, structures) : quote;
    };
    return eachQuote(runtime, filter, stopping, (id) =>
      runtime.service('quote').change(id, complete, { actor: 'event:productInventory', origin: 'event' }),
    );
  };

/**
 * Items that name a product which the inventory did not know get its structure when it appears there. Only quotes that
 * name it are looked at.
 */
export class Appearances {
  private readonly seen = new Set<string>();
  private readonly never = new AbortController().signal;

  constructor(private readonly complete: Complete) {}

  binding(): ConsumerBinding {
    return { spec, handle: (delivery) => this.hear(delivery.json()) };
  }

  async hear(envelope: unknown): Promise<void> {
    const names = namesOfProduct(envelope);
    this.keep(names);
    await this.complete(names, this.never);
  }

  /** Looks once more for what appeared since the last time: a quote may have asked before, and be stored after, that. */
  async again(stopping: AbortSignal): Promise<void> {
    const names = [...this.seen];
    this.seen.clear();
    if (names.length === 0) return;
    try {
      await this.complete(names, stopping);
    } catch (thrown) {
      this.keep(names);
      throw thrown;
    }
  }

  private keep(names: readonly string[]): void {
    for (const name of names) if (this.seen.size < MOST_SEEN) this.seen.add(name);
  }
}
