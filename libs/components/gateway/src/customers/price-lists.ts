import { isJsonObject, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { ComponentClient } from '../component-client';
import { findCustomer } from './find-customer';

/** How the price lists of customers are found out. */
export interface PriceListsOptions {
  readonly customers: Pick<ComponentClient, 'call'>;
  readonly clock: Clock;
  /** Milliseconds that what was found is used again. */
  readonly freshMs: number;
  readonly maxEntries: number;
}

interface Kept {
  readonly lists: Promise<readonly string[]>;
  readonly at: number;
}

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string' && text !== '');

/** The price lists that a TMF629 customer buys from: its characteristic `priceList`, one or several. */
export const priceListsIn = ({ characteristic }: JsonObject): readonly string[] =>
  (Array.isArray(characteristic) ? characteristic.filter(isJsonObject) : [])
    .filter(({ name }) => name === 'priceList')
    .flatMap(({ value }) => textsIn(value));

/** Knows which price lists a customer buys from, by his id or number; asks once for equal questions at the same time. */
export class PriceLists {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly options: PriceListsOptions) {}

  /** None for a customer that is not known here. Throws a {@link Refusal} when that cannot be found out. */
  async of(customer: string, deadlineMs?: number, trace?: Context): Promise<readonly string[]> {
    const { clock, freshMs, maxEntries } = this.options;
    const kept = this.kept.get(customer);
    if (kept && clock.now() - kept.at < freshMs) return kept.lists;
    const lists = this.read(customer, deadlineMs, trace);
    const entry: Kept = { lists, at: clock.now() };
    this.kept.delete(customer);
    this.kept.set(customer, entry);
    // What failed is asked again.
    lists.catch(() => this.kept.get(customer) === entry && this.kept.delete(customer));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= maxEntries) break;
      this.kept.delete(oldest);
    }
    return lists;
  }

  private async read(customer: string, deadlineMs?: number, trace?: Context): Promise<readonly string[]> {
    try {
      return priceListsIn(
        await findCustomer(this.options.customers, customer, {
          ...(deadlineMs === undefined ? {} : { deadlineMs }),
          ...(trace === undefined ? {} : { trace }),
        }),
      );
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status === 404) return [];
      throw thrown;
    }
  }
}
