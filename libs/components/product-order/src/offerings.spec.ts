import type { JsonObject } from '@quotebridge/platform/core';
import { CatalogAway, type CatalogReader } from '@quotebridge/tmf/client';
import { findOfferings, offeringView } from './offerings';

const catalogOf = (documents: Readonly<Record<string, JsonObject>>): CatalogReader => ({
  offering: async (id) => documents[id],
  specification: async () => undefined,
  prices: async () => new Map(),
  customerPrices: async () => undefined,
});

it('what the rules look at is read from the offering', () => {
  expect(
    offeringView({
      lifecycleStatus: 'Launched',
      isSellable: false,
      validFor: { startDateTime: '2026-01-01T00:00:00Z', endDateTime: 'some day' },
    }),
  ).toEqual({ lifecycleStatus: 'Launched', isSellable: false, validFrom: Date.UTC(2026, 0, 1) });
});

it('a leap second is the end of what is sold until then', () => {
  const view = offeringView({
    lifecycleStatus: 'Launched',
    validFor: { endDateTime: '2016-12-31T23:59:60Z' },
  });
  expect(view.validTo).toBe(Date.UTC(2017, 0, 1));
});

it('an offering that the catalog has is found, another is not', async () => {
  const find = await findOfferings(catalogOf({ a: { lifecycleStatus: 'Launched' } }), ['a', 'b']);
  expect(find('a')).toEqual({ lifecycleStatus: 'Launched' });
  expect(find('b')).toBeUndefined();
});

it('a catalog that does not answer is a 503 that says when to come back', async () => {
  const away: CatalogReader = { ...catalogOf({}), offering: () => Promise.reject(new CatalogAway('Gone.')) };
  await expect(findOfferings(away, ['a'])).rejects.toMatchObject({
    status: 503,
    message: 'Gone. Try again later.',
    headers: { 'Retry-After': '5' },
  });
});
