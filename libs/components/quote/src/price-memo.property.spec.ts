import { defaultRules } from '@quotebridge/cpq/pricing';
import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { PriceMemo } from './price-memo';
import { priceQuote, type ItemPrice, type Pricing } from './price-quote';
import { forWhom, item, off, offering, price, quote, TestCatalog } from './quote.fixture';

const JUNE = { startDateTime: '2026-06-01T00:00:00Z', endDateTime: '2026-07-01T00:00:00Z' };
const forModels = (value: string): JsonObject => ({
  prodSpecCharValueUse: [{ name: 'model', productSpecCharacteristicValue: [{ value, validFor: JUNE }] }],
});
const STEADY: readonly JsonObject[] = [
  offering('pump', ['pump-price', 'summer'], { productSpecification: { id: 'spec' } }),
  price('summer', 0, { priceType: 'discount', percentage: 10, price: undefined, validFor: JUNE }),
  offering('valve', ['valve-price'], { validFor: JUNE }),
  price('valve-price', 50, forModels('M1')),
  offering('ghost', ['gone']),
  offering('kit', [], { bundledProductOffering: [{ id: 'pump' }, { id: 'valve' }] }),
];
const CHEAP = price('pump-price', 1000);
const DEAR = price('pump-price', 2000);
const AGREED = price('agreed', 900, { ...forWhom({ customer: 'C1' }), validFor: JUNE });

/** The same catalog, as other documents are in it. */
const catalogs = { cheap: [CHEAP], dear: [DEAR], agreed: [CHEAP, AGREED] };

const catalogWith = (documents: readonly JsonObject[]): TestCatalog => {
  const catalog = new TestCatalog(...STEADY, ...documents);
  catalog.terms = documents.filter((document) => document === AGREED);
  return catalog;
};

const question = fc.record({
  catalog: fc.constantFrom<keyof typeof catalogs>('cheap', 'dear', 'agreed'),
  date: fc.constantFrom(
    '2026-05-31T23:59:59.999Z',
    '2026-06-01T00:00:00.000Z',
    '2026-06-15T12:00:00.000Z',
    '2026-07-01T00:00:00.000Z',
  ),
  customer: fc.constantFrom('C1', 'C2'),
  currency: fc.constantFrom(undefined, undefined, 'EUR', 'USD'),
  items: fc.array(
    fc.record({
      what: fc.constantFrom('pump', 'pump', 'valve', 'kit', 'ghost'),
      quantity: fc.constantFrom(1, 2),
      percent: fc.constantFrom(0, 5),
      model: fc.constantFrom(undefined, 'M1'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

type Question = typeof question extends fc.Arbitrary<infer Asked> ? Asked : never;

const quoteOf = ({ customer, currency, items }: Question): JsonObject =>
  quote(
    items.map(({ what, quantity, percent, model }, index) =>
      item(String(index), what, {
        quantity,
        ...off(percent),
        ...(model === undefined
          ? {}
          : { product: { productCharacteristic: [{ name: 'model', value: model }] } }),
      }),
    ),
    {
      ...(customer === undefined
        ? {}
        : { relatedParty: [{ role: 'customer', partyOrPartyRole: { id: customer } }] }),
      ...(currency === undefined ? {} : { currency }),
    },
  );

describe('a memo of prices', () => {
  it('never changes what a quote costs, whatever was asked before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(question, { minLength: 10, maxLength: 30 }), async (questions) => {
        const memo = new PriceMemo<ItemPrice>({ entries: 50, bytes: 20_000 });
        for (const asked of questions) {
          const pricing = (kept: PriceMemo<ItemPrice>): Pricing => ({
            catalog: catalogWith(catalogs[asked.catalog]),
            rules: defaultRules,
            memo: kept,
          });
          const priced = await priceQuote(quoteOf(asked), { ...pricing(memo), date: asked.date });
          const anew = await priceQuote(quoteOf(asked), {
            ...pricing(new PriceMemo({ entries: 0, bytes: 0 })),
            date: asked.date,
          });
          expect(priced).toEqual(anew);
        }
      }),
    );
  });
});
