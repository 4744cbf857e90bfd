import { messageOf, isoNow, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { CatalogAway } from './catalog-reader';
import { UNPRICED } from './item-price';
import { priceQuote, type PricingContext } from './price-quote';

/** Quotes that wait for a price, at three levels of nesting; deeper ones are priced with their next change. */
const WAITING = {
  $or: ['quoteItem', 'quoteItem.quoteItem', 'quoteItem.quoteItem.quoteItem'].map((path) => ({
    [`${path}.${UNPRICED}`]: { $exists: true },
  })),
};

const BATCH = 100;

/**
 * Gives quotes their price that could not be priced when they came: those received while the catalog was away are
 * tried until it answers, those with an unpriced item whenever the catalog changes. One replica does it.
 */
export class Repricing {
  private stopped = false;
  private catalogChanged = true;
  private wake: (() => void) | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: Runtime,
    private readonly pricing: Omit<PricingContext, 'date'>,
    private readonly intervalMs: number,
  ) {}

  /** The catalog changed: unpriced items are worth another look. */
  noteChange(): void {
    this.catalogChanged = true;
  }

  start(): Promise<Running> {
    this.stopped = false;
    this.loop = this.run();
    return Promise.resolve({
      stop: async () => {
        this.stopped = true;
        this.wake?.();
        await this.loop;
      },
    });
  }

  /** One round; public for tests. */
  async round(): Promise<number> {
    const changed = this.catalogChanged;
    this.catalogChanged = false;
    const { collection } = this.runtime.service('quote').repository;
    const open = { state: { $in: ['acknowledged', 'inProgress', 'pending'] } };
    const filter = changed
      ? { $and: [open, { $or: [{ state: 'acknowledged' }, WAITING] }] }
      : { state: 'acknowledged' };
    const waiting = await collection
      .find(filter, { projection: { _id: 1 } })
      .limit(BATCH)
      .toArray();
    let priced = 0;
    for (const { _id } of waiting) {
      if (this.stopped) break;
      try {
        if (await this.reprice(_id)) priced += 1;
      } catch (thrown) {
        if (changed) this.catalogChanged = true;
        if (thrown instanceof CatalogAway) break;
        this.runtime.logger.warn(
          { quote: _id, reason: messageOf(thrown) },
          'A quote could not be priced again',
        );
      }
    }
    return priced;
  }

  private async reprice(id: string): Promise<boolean> {
    const { clock } = this.runtime;
    const { changed } = await this.runtime.service('quote').change(
      id,
      async (current) => {
        const quote: JsonObject = attributesOf(current);
        const priced = await priceQuote(quote, { ...this.pricing, date: isoNow(clock) });
        return quote['state'] === 'acknowledged' ? { ...priced, state: 'inProgress' } : priced;
      },
      { actor: 'event:productCatalog', origin: 'event' },
    );
    return changed;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.round().catch((thrown: unknown) => {
        this.catalogChanged = true;
        this.runtime.logger.warn({ reason: messageOf(thrown) }, 'Waiting quotes could not be looked at');
      });
      if (!this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.intervalMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
