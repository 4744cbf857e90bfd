import { isoNow } from '@quotebridge/platform/core';
import { objectAt, textAt, type Stream } from '@quotebridge/connectors/sdk';
import { CONDITION_EXPAND, PRICES, PRODUCTS } from '../entity-sets';
import { endsOffering, mapOffering } from '../mapping/offering';
import { endsPrice, mapPrice } from '../mapping/price';
import { mapSpecification } from '../mapping/specification';
import { anyOf } from '../odata-values';
import { pricedMaterials } from '../reading/priced-materials';
import { MATERIAL_SAMPLE, PRICE_SAMPLE } from '../samples';
import { change, overlapOf, positionBy, type StreamParts } from './stream-parts';

/** Materials and their prices, in the order in which they must be published: offerings refer to the other two. */
export const catalogStreams = (parts: StreamParts): readonly Stream[] => {
  const { source, settings, client, clock } = parts;
  const overlapMs = overlapOf(parts);
  return [
    {
      name: 'productSpecifications',
      title: 'Materials',
      entity: 'A_Product',
      resource: 'productSpecification',
      overlapMs,
      ownedThere: ['brand'],
      samples: [MATERIAL_SAMPLE],
      identity: (record) => textAt(record, 'Product'),
      position: positionBy('Product'),
      read: change(parts, { set: PRODUCTS, keys: ['Product'], expand: 'to_Description' }),
      // One with a status that says it is obsolete is published, retired: what follows it is found by it.
      ends: (record) => record['IsMarkedForDeletion'] === true,
      map: mapSpecification(source, settings),
    },
    {
      name: 'productOfferingPrices',
      title: 'Prices and discounts: for everybody, price lists and customers',
      entity: 'A_SlsPrcgConditionRecord',
      resource: 'productOfferingPrice',
      overlapMs,
      ownedThere: [
        ...['recurringChargePeriodType', 'recurringChargePeriodLength', 'prodSpecCharValueUse'],
        ...['percentage', 'price', 'unitOfMeasure'],
      ],
      samples: [PRICE_SAMPLE],
      identity: (record) => textAt(record, 'ConditionRecord'),
      position: positionBy('ConditionRecord'),
      read: change(parts, {
        set: PRICES,
        keys: ['ConditionRecord'],
        filter: anyOf('ConditionType', [...settings.priceConditionTypes, ...settings.discountConditionTypes]),
        expand: CONDITION_EXPAND,
      }),
      ends: (record) => endsPrice(record, settings, isoNow(clock)),
      map: mapPrice(source, settings),
    },
    {
      name: 'productOfferings',
      title: 'Materials with their list prices',
      entity: 'A_Product',
      resource: 'productOffering',
      overlapMs,
      samples: [
        {
          product: MATERIAL_SAMPLE,
          conditions: [PRICE_SAMPLE],
          changedAt: '2026-01-01T00:00:00.000Z',
          readAt: '2026-01-01T00:00:00.000Z',
        },
      ],
      identity: (record) => textAt(objectAt(record, 'product'), 'Product'),
      position: (record) => {
        const at = textAt(record, 'changedAt');
        const id = textAt(objectAt(record, 'product'), 'Product');
        return at === undefined || id === undefined ? undefined : { at, id };
      },
      read: (from, signal) => pricedMaterials(client, settings, clock, from, signal),
      ends: (record) => endsOffering(record, settings),
      map: mapOffering(source, settings),
    },
  ];
};
