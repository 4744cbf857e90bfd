import { objectsAt, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { defaultRules } from '@quotebridge/cpq/pricing';
import type { Principal } from '@quotebridge/platform/security';
import type { HookContext, ResourceHooks } from '@quotebridge/tmf/resource';
import { CatalogAway, type CatalogReader, type CustomerPrices } from '@quotebridge/tmf/client';
import { quoteHooks, type QuotePolicy } from './hooks';
import { PriceMemo } from './price-memo';
import type { Pricing } from './price-quote';
import { readThresholds } from './thresholds';

/** Builders for the tests of the quote component. */
export const NOW = Date.parse('2026-06-15T12:00:00.000Z');

export class TestClock implements Clock {
  constructor(public time = NOW) {}
  now(): number {
    return this.time;
  }
}

export const price = (id: string, value: number, more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOfferingPrice',
  id,
  name: id,
  priceType: 'oneTime',
  lifecycleStatus: 'Launched',
  price: { unit: 'EUR', value },
  tax: [{ '@type': 'TaxItem', taxRate: 20 }],
  ...more,
});

export const offering = (id: string, prices: readonly string[], more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOffering',
  id,
  name: id,
  lifecycleStatus: 'Launched',
  productOfferingPrice: prices.map((priceId) => ({ '@type': 'ProductOfferingPriceRef', id: priceId })),
  ...more,
});

/** A catalog in memory that can be away. */
export class TestCatalog implements CatalogReader {
  isAway = false;
  /** Prices of parts that no offering lists. */
  terms: readonly JsonObject[] = [];
  private readonly documents = new Map<string, JsonObject>();

  constructor(...documents: readonly JsonObject[]) {
    documents.forEach((it) => this.set(it));
  }

  /** Later versions come later. */
  set(document: JsonObject): void {
    const { id, version } = document;
    this.documents.set(String(id), document);
    if (version !== undefined) this.documents.set(`${String(id)}:(version=${String(version)})`, document);
  }

  async offering(id: string): Promise<JsonObject | undefined> {
    if (this.isAway) throw new CatalogAway('The catalog is away.');
    return this.documents.get(id);
  }

  specification(id: string): Promise<JsonObject | undefined> {
    return this.offering(id);
  }

  async prices(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    if (this.isAway) throw new CatalogAway('The catalog is away.');
    return new Map(
      ids.flatMap((id): [string, JsonObject][] => {
        const found = this.documents.get(id);
        return found === undefined ? [] : [[id, found]];
      }),
    );
  }

  async customerPrices(id: string): Promise<CustomerPrices> {
    const listed = objectsAt((await this.offering(id)) ?? {}, 'productOfferingPrice');
    const own = await this.prices(listed.map((entry) => String(entry['id'])));
    return { categories: ['pumps'], prices: [...own.values(), ...this.terms] };
  }
}

/** Conditions of a price: name of the characteristic → value. */
export const forWhom = (conditions: Readonly<Record<string, string>>): JsonObject => ({
  prodSpecCharValueUse: Object.entries(conditions).map(([name, value]) => ({
    name,
    productSpecCharacteristicValue: [{ value }],
  })),
});

export const pumps = (): TestCatalog =>
  new TestCatalog(
    offering('pump', ['pump-price']),
    price('pump-price', 1000),
    offering('service', ['service-price']),
    price('service-price', 50, { priceType: 'recurring', recurringChargePeriodType: 'month' }),
    offering('ghost', ['gone']),
  );

export const item = (id: string, offeringId: string, more: JsonObject = {}): JsonObject => ({
  '@type': 'QuoteItem',
  id,
  action: 'add',
  quantity: 1,
  productOffering: { '@type': 'ProductOfferingRef', id: offeringId },
  ...more,
});

/** A discount asked for an item, as a client writes it. */
export const off = (percentage: number, name = 'Loyal'): JsonObject => ({
  quoteItemPrice: [
    {
      '@type': 'QuotePrice',
      priceAlteration: [
        { '@type': 'PriceAlteration', name, priceType: 'discount', price: { '@type': 'Price', percentage } },
      ],
    },
  ],
});

export const quote = (items: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  '@type': 'Quote',
  state: 'inProgress',
  quoteItem: [...items],
  ...more,
});

/** Somebody who may write quotes and holds these roles. */
export const holder = (...roles: readonly string[]): Principal => ({
  id: 'ann',
  name: 'Ann',
  kind: 'user',
  scopes: new Set(['quote:write']),
  roles: new Set(roles),
});

/** The hooks with a way to call them; `change` runs no state machine. */
export class Desk {
  readonly clock = new TestClock();
  private readonly hooks: ResourceHooks;

  constructor(
    readonly catalog: TestCatalog = pumps(),
    { withMargin = false, ...policy }: Partial<QuotePolicy & Pricing> = {},
  ) {
    this.hooks = quoteHooks({
      pricing: {
        catalog,
        rules: defaultRules,
        withMargin,
        memo: new PriceMemo({ entries: 100, bytes: 1_000_000 }),
      },
      thresholds: readThresholds(['10:manager', '30:director'], ['EUR:5000:finance']),
      validityMs: 30 * 24 * 3600 * 1000,
      currentState: async () => undefined,
      ...policy,
    });
  }

  async create(draft: JsonObject, more: Partial<HookContext> = {}): Promise<JsonObject> {
    return (await this.hooks.prepareCreate?.(draft, { ...this.context(), ...more })) ?? draft;
  }

  async change(before: JsonObject, change: JsonObject, more: Partial<HookContext> = {}): Promise<JsonObject> {
    const after = { ...before, ...change };
    return (await this.hooks.prepareChange?.(before, after, { ...this.context(), ...more })) ?? after;
  }

  /** Types of the further events of a step. */
  events(before: JsonObject | undefined, after: JsonObject): readonly string[] {
    return (this.hooks.extraEvents?.(before, after, this.context()) ?? []).map(({ type }) => type);
  }

  async remove(before: JsonObject): Promise<void> {
    await this.hooks.beforeRemove?.(before, this.context());
  }

  private context(): HookContext {
    return {
      id: 'q1',
      actor: 'ann',
      origin: 'http',
      principal: holder('manager', 'director', 'finance'),
      clock: this.clock,
      ids: { next: () => 'id' },
    };
  }
}
