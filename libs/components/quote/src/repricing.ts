import { isoNow, messageOf, Rounds, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { CatalogAway } from '@quotebridge/tmf/client';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { eachQuote } from './each-quote';
import { UNPRICED_ITEMS } from './item-price';
import { priceQuote, type Pricing } from './price-quote';

const OPEN = { $in: ['acknowledged', 'inProgress', 'pending'] };

/**
 * Gives quotes their price that could not be priced when they came: those received while the catalog was away are
 * tried until it answers, those with an unpriced item whenever the catalog changes. One replica does it.
 */
export class Repricing {
  private catalogChanged = true;

  constructor(
    private readonly runtime: Runtime,
    private readonly pricing: Pricing,
    private readonly intervalMs: number,
  ) {}

  /** The catalog changed: unpriced items are worth another look. */
  noteChange(): void {
    this.catalogChanged = true;
  }

  start(): Promise<Running> {
    const rounds = new Rounds({
      round: (stopping) => this.round(stopping),
      pauseMs: this.intervalMs,
      onError: (thrown) =>
        this.runtime.logger.warn({ reason: messageOf(thrown) }, 'Waiting quotes could not be looked at'),
    });
    return Promise.resolve(rounds);
  }

  private async round(stopping: AbortSignal): Promise<void> {
    const changed = this.catalogChanged;
    this.catalogChanged = false;
    try {
      await this.priceAll({ state: 'acknowledged' }, stopping);
      if (changed) await this.priceAll({ [UNPRICED_ITEMS]: { $exists: true }, state: OPEN }, stopping);
    } catch (thrown) {
      this.catalogChanged ||= changed;
      if (!(thrown instanceof CatalogAway)) throw thrown;
    }
  }

  private priceAll(filter: Record<string, unknown>, stopping: AbortSignal): Promise<void> {
    const { service, clock } = this.runtime;
    return eachQuote(this.runtime, filter, stopping, (id) =>
      service('quote').change(
        id,
        async (current) => {
          const quote: JsonObject = attributesOf(current);
          const priced = await priceQuote(quote, { ...this.pricing, date: isoNow(clock) });
          return quote['state'] === 'acknowledged' ? { ...priced, state: 'inProgress' } : priced;
        },
        { actor: 'event:productCatalog', origin: 'event' },
      ),
    );
  }
}
