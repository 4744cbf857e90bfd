import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';

const missing = (name: string): Rejection => ({
  faults: [{ path: `/${name}`, message: 'is missing', code: 'required' }],
});

/** A part becomes a product specification; a deleted one deletes it. */
export const mapPart =
  (source: string) =>
  (part: JsonObject): readonly IngestRecord[] | Rejection => {
    const [id, name, changedAt] = [textAt(part, 'id'), textAt(part, 'name'), textAt(part, 'changedAt')];
    if (id === undefined) return missing('id');
    if (name === undefined) return missing('name');
    return [
      {
        externalId: id,
        op: part['deleted'] === true ? 'delete' : 'upsert',
        id: stableId(source, 'productSpecification', id),
        ...(changedAt === undefined ? {} : { modifiedAt: changedAt }),
        resource: {
          '@type': 'ProductSpecification',
          name,
          productNumber: id,
          lifecycleStatus: 'Active',
          externalIdentifier: [externalIdentifier(source, 'part', id)],
        },
      },
    ];
  };

/** An offer becomes a product offering of its part. */
export const mapOffer =
  (source: string) =>
  (offer: JsonObject): readonly IngestRecord[] | Rejection => {
    const [id, name, part] = [textAt(offer, 'id'), textAt(offer, 'name'), textAt(offer, 'part')];
    if (id === undefined) return missing('id');
    if (name === undefined) return missing('name');
    return [
      {
        externalId: id,
        op: 'upsert',
        id: stableId(source, 'productOffering', id),
        resource: {
          '@type': 'ProductOffering',
          name,
          ...(part === undefined
            ? {}
            : {
                productSpecification: {
                  '@type': 'ProductSpecificationRef',
                  id: stableId(source, 'productSpecification', part),
                  name,
                },
              }),
          externalIdentifier: [externalIdentifier(source, 'offer', id)],
        },
      },
    ];
  };

/** What an order wants of this system: the offerings it refers to, with quantities. */
export const orderedOfferings = (
  order: JsonObject,
): readonly { readonly offering: string; readonly quantity: number }[] =>
  objectsIn(order['productOrderItem']).flatMap((item) => {
    const offering = item['productOffering'];
    const id =
      typeof offering === 'object' && offering !== null && 'id' in offering ? offering['id'] : undefined;
    const quantity = typeof item['quantity'] === 'number' ? item['quantity'] : 1;
    return typeof id === 'string' ? [{ offering: id, quantity }] : [];
  });

/** Tells the product order the number that the system gave it. */
export const orderNumber = (source: string, orderId: string, order: JsonObject): IngestRecord => ({
  externalId: textAt(order, 'number') ?? orderId,
  op: 'patch',
  id: orderId,
  resource: {
    '@type': 'ProductOrder',
    state: 'inProgress',
    externalIdentifier: [externalIdentifier(source, 'order', textAt(order, 'number') ?? '')],
  },
});
