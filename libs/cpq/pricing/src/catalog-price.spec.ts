import type { JsonObject } from '@quotebridge/platform/core';
import { readCatalogPrice } from './catalog-price';

const price = (more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOfferingPrice',
  id: 'p1',
  name: 'Purchase',
  priceType: 'oneTime',
  price: { unit: 'EUR', value: 12.5 },
  ...more,
});

const FOR_SUMMER: JsonObject = {
  prodSpecCharValueUse: [
    {
      name: 'region',
      validFor: { startDateTime: '2026-06-01T00:00:00Z', endDateTime: '2026-09-01T00:00:00Z' },
      productSpecCharacteristicValue: [{ value: 'north' }],
    },
  ],
};

describe('reading a price document', () => {
  it.each([
    ['without conditions', price()],
    ['with a condition that counts for a while', price(FOR_SUMMER)],
    ['that cannot be charged', price({ price: { unit: 'EUR' } })],
  ])(
    'a document %s says on each day what a copy of it says that is read for the first time',
    (_name, json) => {
      for (const date of ['2026-07-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-07-01T00:00:00Z'])
        expect(readCatalogPrice('p1', json, date)).toMatchObject(
          readCatalogPrice('p1', structuredClone(json), date),
        );
    },
  );

  it('a condition is there on its days only', () => {
    const json = price(FOR_SUMMER);
    const uses = (date: string): unknown => {
      const read = readCatalogPrice('p1', json, date);
      return read.ok ? read.value.uses.length : read.error;
    };
    expect([uses('2026-07-01T00:00:00Z'), uses('2026-12-01T00:00:00Z')]).toEqual([1, 0]);
  });

  it('the same document under another id is another price', () => {
    const json = price();
    const idAs = (id: string): unknown => {
      const read = readCatalogPrice(id, json, '2026-07-01T00:00:00Z');
      return read.ok ? read.value.id : read.error;
    };
    expect([idAs('p1'), idAs('p2'), idAs('p1')]).toEqual(['p1', 'p2', 'p1']);
  });
});
