import { isDeepStrictEqual } from 'node:util';
import { isoNow, messageOf, Rounds, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { CatalogAway } from '@quotebridge/tmf/client';
import type { Runtime } from '@quotebridge/tmf/component';
import { attributesOf, type StoredResource } from '@quotebridge/tmf/resource';
import type { Appearances } from './appearances';
import { eachQuote } from './each-quote';
import { UNPRICED_ITEMS } from './item-price';
import { WAITING_ITEMS } from './item-structure';
import { priceQuote, type Pricing } from './price-quote';
import { OPEN } from './states';
import { withStructures, type Structures } from './structures';

/** So many quotes are tried in a round of which an item cannot be read: one alone may be its own fault. */
const MOST_FAILURES = 20;

/** After so many rounds unpriced items are looked at without news: a price may begin, or an event be late. */
const LOOK_EVERY = 30;

/** The inventory seems to be away as a whole. */
class StillAway extends Error {}

/** What waiting quotes are completed with; without `structures` no item has one. */
interface Sources {
  readonly pricing: Pricing;
  readonly structures: Structures | undefined;
  readonly appearances?: Appearances | undefined;
}

/**
 * Gives quotes their price that could not be priced when they came: those received while the catalog was away are
 * tried until it answers, those with an unpriced item whenever the catalog changes and now and then, since prices begin
 * by themselves. Items that wait for their structure get it when the inventory answers. One replica does it.
 */
export class Repricing {
  private catalogChanged = true;
  private rounds = 0;
  private toldReason: string | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly sources: Sources,
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
    this.rounds += 1;
    const changed = this.catalogChanged || this.rounds % LOOK_EVERY === 0;
    this.catalogChanged = false;
    try {
      await this.priceAll({ state: 'acknowledged' }, stopping);
      if (changed) await this.priceAll({ [UNPRICED_ITEMS]: { $exists: true }, state: OPEN }, stopping);
      await this.completeAll(stopping);
      await this.sources.appearances?.again(stopping);
    } catch (thrown) {
      this.catalogChanged ||= changed;
      if (!(thrown instanceof CatalogAway || thrown instanceof StillAway)) throw thrown;
    }
  }

  private priceAll(filter: Record<string, unknown>, stopping: AbortSignal): Promise<void> {
    const { service, clock } = this.runtime;
    return eachQuote(this.runtime, filter, stopping, (id) =>
      service('quote').change(
        id,
        async (current) => {
          const quote: JsonObject = attributesOf(current);
          const priced = await priceQuote(quote, { ...this.sources.pricing, date: isoNow(clock) });
          return quote['state'] === 'acknowledged' ? { ...priced, state: 'inProgress' } : priced;
        },
        { actor: 'event:productCatalog', origin: 'event' },
      ),
    );
  }

  /** Items that wait for their structure are given it as far as it can be read. */
  private async completeAll(stopping: AbortSignal): Promise<void> {
    const { structures } = this.sources;
    if (structures === undefined) return;
    const { service } = this.runtime;
    let failures = 0;
    let reason: string | undefined;
    const noteAway = (message: string): void => {
      reason = message;
    };
    const complete = async (stored: StoredResource): Promise<JsonObject> => {
      const quote = attributesOf(stored);
      const completed = await withStructures(undefined, quote, structures, { noteAway });
      if (isDeepStrictEqual(completed[WAITING_ITEMS], quote[WAITING_ITEMS])) failures += 1;
      return completed;
    };
    const filter = { [WAITING_ITEMS]: { $exists: true }, state: OPEN };
    try {
      await eachQuote(this.runtime, filter, stopping, async (id) => {
        await service('quote').change(id, complete, { actor: 'event:productInventory', origin: 'event' });
        if (failures >= MOST_FAILURES) throw new StillAway();
      });
    } finally {
      this.tell(reason);
    }
  }

  /** Says once why structures cannot be read, until it is another reason or they can. */
  private tell(reason: string | undefined): void {
    if (reason !== undefined && this.toldReason === undefined)
      this.runtime.logger.warn({ reason }, 'Quotes wait for structures of their items');
    this.toldReason = reason;
  }
}
