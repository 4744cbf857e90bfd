import { isJsonObject, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { CallTerms, ComponentClient } from '../component-client';
import { numberOf } from './customer-number';
import { findCustomer } from './find-customer';

/** How customers are found out about. */
export interface BuyersOptions {
  readonly customers: Pick<ComponentClient, 'call'>;
  readonly clock: Clock;
  /** Milliseconds that what was found is used again. */
  readonly freshMs: number;
  readonly maxEntries: number;
  /** Connector instance of the ERP: its number of a customer is the one that prices are kept under. */
  readonly erp: string;
}

/** What prices are found by for a customer. */
export interface Buyer {
  /** His number in the ERP; what he was called by when he is not known here. */
  readonly number: string;
  /** The price lists that he buys from. */
  readonly lists: readonly string[];
  /** False when there is no such customer. */
  readonly isKnown: boolean;
}

interface Kept {
  readonly buyer: Promise<Buyer>;
  readonly at: number;
}

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string' && text !== '');

/** The price lists that a TMF629 customer buys from: its characteristic `priceList`, one or several. */
export const priceListsIn = ({ characteristic }: JsonObject): readonly string[] =>
  (Array.isArray(characteristic) ? characteristic.filter(isJsonObject) : [])
    .filter(({ name }) => name === 'priceList')
    .flatMap(({ value }) => textsIn(value));

/** Knows customers as buyers, by id or number; asks once for equal questions at the same time. */
export class Buyers {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly options: BuyersOptions) {}

  /** Without price lists for a customer that is not known here. Throws a {@link Refusal} when that cannot be found out. */
  async of(customer: string, how: CallTerms = {}): Promise<Buyer> {
    const { clock, freshMs, maxEntries } = this.options;
    const kept = this.kept.get(customer);
    if (kept && clock.now() - kept.at < freshMs) return kept.buyer;
    const buyer = this.read(customer, how);
    const entry: Kept = { buyer, at: clock.now() };
    this.kept.delete(customer);
    this.kept.set(customer, entry);
    // What failed is asked again.
    buyer.catch(() => this.kept.get(customer) === entry && this.kept.delete(customer));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= maxEntries) break;
      this.kept.delete(oldest);
    }
    return buyer;
  }

  private async read(customer: string, how: CallTerms): Promise<Buyer> {
    const { customers, erp } = this.options;
    try {
      const found = await findCustomer(customers, customer, how);
      return { number: numberOf(found, erp) ?? customer, lists: priceListsIn(found), isKnown: true };
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status === 404)
        return { number: customer, lists: [], isKnown: false };
      throw thrown;
    }
  }
}
