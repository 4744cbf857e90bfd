import { messageOf, isoNow, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { CatalogAway } from '@quotebridge/tmf/client';
import { UNPRICED_ITEMS } from './item-price';
import { priceQuote, type PricingContext } from './price-quote';

const OPEN = { $in: ['acknowledged', 'inProgress', 'pending'] };

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

  /** Looks once at every quote that waits. Returns how many got further. */
  async round(): Promise<number> {
    const changed = this.catalogChanged;
    this.catalogChanged = false;
    try {
      const received = await this.priceAll({ state: 'acknowledged' });
      return changed
        ? received + (await this.priceAll({ [UNPRICED_ITEMS]: { $exists: true }, state: OPEN }))
        : received;
    } catch (thrown) {
      this.catalogChanged ||= changed;
      if (thrown instanceof CatalogAway) return 0;
      throw thrown;
    }
  }

  /** In pages by id, so that quotes that cannot be priced at all do not keep others waiting. */
  private async priceAll(filter: Record<string, unknown>): Promise<number> {
    const { collection } = this.runtime.service('quote').repository;
    let priced = 0;
    for (let last = ''; !this.stopped;) {
      const page = await collection
        .find({ ...filter, _id: { $gt: last } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      for (const { _id } of page) priced += await this.reprice(_id);
      if (page.length < BATCH) break;
      last = page.at(-1)?._id ?? '';
    }
    return priced;
  }

  private async reprice(id: string): Promise<number> {
    const { clock, logger } = this.runtime;
    try {
      const { changed } = await this.runtime.service('quote').change(
        id,
        async (current) => {
          const quote: JsonObject = attributesOf(current);
          const priced = await priceQuote(quote, { ...this.pricing, date: isoNow(clock) });
          return quote['state'] === 'acknowledged' ? { ...priced, state: 'inProgress' } : priced;
        },
        { actor: 'event:productCatalog', origin: 'event' },
      );
      return changed ? 1 : 0;
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.status >= 500) throw thrown;
      // Somebody else was at the quote: it is looked at again with the next change.
      logger.warn({ quote: id, reason: thrown.message }, 'A quote could not be priced again');
      return 0;
    }
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
