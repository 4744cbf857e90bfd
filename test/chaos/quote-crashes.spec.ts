import type { JsonObject } from '@quotebridge/platform/core';
import { envelopesInStream, eventually, startProcess, type TestProcess } from '../e2e/support';
import {
  objects,
  orderFaults,
  orderingFaults,
  quoteFaults,
  type Stored,
} from '../e2e/support/ordering-faults';
import { startOrderingSuite, type OrderingSuite } from '../e2e/support/ordering-suite';
import { QuoteLoad } from './quote-load';
import { call, pause, randomFrom, readiness, seedOf } from './support';

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 4);
const TIME_LIMIT = 180_000 + KILLS * 30_000;
/** Far more than it takes; machines that run tests are busy. */
const RECOVERED_WITHIN_MS = 120_000;
const CATALOG = '/tmf-api/productCatalogManagement/v5';

/** Steps that the life cycle of a quote allows (TMF648). */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  acknowledged: ['inProgress', 'cancelled', 'declined'],
  inProgress: ['pending', 'approved', 'cancelled', 'declined'],
  pending: ['inProgress', 'cancelled', 'declined'],
  approved: ['accepted', 'rejected', 'cancelled'],
  rejected: ['inProgress'],
};

/** What is wrong between the stored quotes and the events about them. */
const eventFaults = (
  quotes: readonly Stored[],
  told: ReadonlyMap<string, readonly JsonObject[]>,
): string[] => {
  const found: string[] = [];
  for (const id of told.keys())
    if (!quotes.some(({ _id }) => _id === id)) found.push(`events of ${id}, which is not stored`);
  for (const quote of quotes) {
    const events = told.get(quote._id) ?? [];
    const steps = events.map(({ state }) => String(state)).filter((state, n, all) => state !== all[n - 1]);
    const wrong = steps.find((state, n) => n > 0 && !NEXT[steps[n - 1] ?? '']?.includes(state));
    if (wrong !== undefined) found.push(`quote ${quote._id}: ${steps.join(' → ')}`);
    const last = events.at(-1);
    const others = ['state', 'quoteTotalPrice', 'quoteItem'].filter(
      (name) => JSON.stringify(last?.[name]) !== JSON.stringify(quote[name]),
    );
    if (others.length > 0)
      found.push(
        `quote ${quote._id}: ${others.map((name) => `${name} ${JSON.stringify(quote[name])}, ${JSON.stringify(last?.[name])} in the last of ${events.length} events`).join('; ')}`,
      );
  }
  return found;
};

describe('quotes whose component is killed', () => {
  const random = randomFrom(seedOf('quotes whose component is killed'));
  let suite: OrderingSuite;
  let quotes: TestProcess;

  beforeAll(async () => {
    suite = await startOrderingSuite({
      startQuotes: async (env) => {
        quotes = await startProcess('quote', { ...env, CATALOG_CACHE_FRESH: '50ms' });
        return { url: quotes.url, addresses: {}, close: () => quotes.kill() };
      },
    });
  }, TIME_LIMIT);
  afterAll(() => suite?.stop());

  const stored = async (kind: 'order' | 'quote', collection: string): Promise<Stored[]> => {
    const db = (await suite.mongo.client()).db(suite.databases[kind]);
    return (await db.collection(collection).find().toArray()) as unknown as Stored[];
  };
  const dearer = async (offering: string, value: number): Promise<void> => {
    const shown = await call(`${suite.catalog.url}${CATALOG}/productOffering/${offering}`);
    const price = objects(shown?.body['productOfferingPrice'])[0]?.['id'];
    const changed = await call(`${suite.catalog.url}${CATALOG}/productOfferingPrice/${price}`, 'PATCH', {
      '@type': 'ProductOfferingPrice',
      price: { unit: 'EUR', value },
    });
    expect(changed?.status).toBe(200);
  };
  /** Each quote as its events showed it, in order; second copies of an event are left out. */
  const events = async (): Promise<Map<string, JsonObject[]>> => {
    const seen = new Set<unknown>();
    const told = new Map<string, JsonObject[]>();
    for (const { eventId, event } of await envelopesInStream({ servers: suite.nats.url })) {
      const quote = (event as { quote?: JsonObject }).quote;
      if (quote === undefined || seen.has(eventId)) continue;
      seen.add(eventId);
      const id = String(quote['id']);
      told.set(id, [...(told.get(id) ?? []), quote]);
    }
    return told;
  };

  it(
    'guarantee 6: never have an illegal state, are accepted with prices only, and each accepted one has one order with its prices',
    async () => {
      const offerings = [await suite.offer('Pump', 100), await suite.offer('Seal', 7.35)];
      const load = new QuoteLoad(quotes.url, random, offerings, 'not-in-the-catalog');
      try {
        for (let kills = 1; kills <= KILLS; kills += 1) {
          const before = load.accepted;
          await eventually('an accepted quote', () => load.accepted > before, RECOVERED_WITHIN_MS);
          // What is frozen may not follow the catalog.
          await dearer(offerings[0] ?? '', 100 + kills);
          await pause(random, 50, 900);
          await quotes.kill();
          await quotes.restart();
        }
        await readiness(quotes.url, 200);
        await eventually('a refused step', () => load.refused > 0);
      } finally {
        await load.stop();
      }
      expect(load.odd).toEqual([]);

      const accepted = (await stored('quote', 'quote')).filter(({ state }) => state === 'accepted');
      expect(accepted.length).toBeGreaterThanOrEqual(KILLS);
      await eventually(
        `the orders of ${accepted.length} quotes`,
        async () => (await stored('order', 'productOrder')).length >= accepted.length,
        RECOVERED_WITHIN_MS,
      );
      await eventually(
        'the events to be published',
        async () => (await stored('quote', 'quote')).every((quote) => quote['_outbox'] === undefined),
        RECOVERED_WITHIN_MS,
      );

      const [quoteList, orderList] = [await stored('quote', 'quote'), await stored('order', 'productOrder')];
      expect(quoteList.flatMap(quoteFaults)).toEqual([]);
      expect(orderList.flatMap(orderFaults)).toEqual([]);
      expect(orderingFaults(orderList, quoteList)).toEqual([]);
      expect(orderList).toHaveLength(accepted.length);
      // Quotes that wait for a price of the catalog get it without a client: they are compared when they have it.
      let unlike: readonly string[] = [];
      await eventually('the events to show what is stored', async () => {
        unlike = eventFaults(await stored('quote', 'quote'), await events());
        return unlike.length === 0;
      }).catch(() => expect(unlike).toEqual([]));
      const totals = quoteList.map((quote) => quote['quoteTotalPrice']);
      expect(JSON.stringify(totals)).not.toContain('0.01');
      const state = new Map(quoteList.map((quote) => [quote._id, quote.state]));
      expect([...load.acknowledged].filter(([id, last]) => state.get(id) !== last)).toEqual([]);
    },
    TIME_LIMIT,
  );
});
