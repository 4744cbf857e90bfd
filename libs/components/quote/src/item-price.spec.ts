import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { requestedAlterations, requestsOnly } from './item-price';
import { Desk, item, quote } from './quote.fixture';

const alteration = fc.record({
  name: fc.constantFrom('a', 'b'),
  priceType: fc.constantFrom('discount', 'surcharge', 'recurring'),
  price: fc.oneof(
    fc.integer({ min: 0, max: 20 }).map((percentage): JsonObject => ({ percentage })),
    fc.integer({ min: 0, max: 9 }).map((value): JsonObject => ({ dutyFreeAmount: { unit: 'EUR', value } })),
  ),
});
const entries = fc.array(
  fc.record(
    {
      priceType: fc.constantFrom('oneTime', 'recurring'),
      priceAlteration: fc.array(alteration, { maxLength: 3 }),
    },
    { requiredKeys: ['priceAlteration'] },
  ),
  { maxLength: 3 },
);

const pricesOf = (json: JsonObject): unknown[] =>
  (json['quoteItem'] as JsonObject[]).map(({ quoteItemPrice, unpricedReason }) => [
    quoteItemPrice,
    unpricedReason,
  ]);

describe('what was asked for an item', () => {
  it('is the same after pricing it again and again', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.constantFrom('pump', 'service', 'nothing'), async (quoteItemPrice, id) => {
        const desk = new Desk();
        const once = await desk.create(quote([item('1', id, { quoteItemPrice })]));
        const twice = await desk.change(once, { state: 'pending' });
        expect(twice['quoteTotalPrice']).toEqual(once['quoteTotalPrice']);
        expect(pricesOf(twice)).toEqual(pricesOf(once));
      }),
    );
  });

  it('is taken once though it stands in every entry it touched', () => {
    const asked = { name: 'a', price: { percentage: 5 } };
    const entry = { priceType: 'oneTime', priceAlteration: [asked] };
    expect(requestedAlterations({ quoteItemPrice: [entry, entry] })).toHaveLength(1);
    expect(
      requestedAlterations({ quoteItemPrice: [{ ...entry, priceAlteration: [asked, asked] }, entry] }),
    ).toHaveLength(2);
  });

  it('stays two requests when the same is asked twice and the item has no price', () => {
    const asked = { name: 'a', priceType: 'discount', price: { percentage: 5 } };
    const kept = requestsOnly({ quoteItemPrice: [{ priceAlteration: [asked, asked] }] });
    expect(requestedAlterations({ quoteItemPrice: kept })).toHaveLength(2);
  });

  it('leaves out what the catalog gives', () => {
    const catalog = { name: 'c', productOfferingPrice: { id: 'p' }, price: { percentage: 5 } };
    expect(requestsOnly({ quoteItemPrice: [{ priceAlteration: [catalog] }] })).toEqual([]);
  });
});
