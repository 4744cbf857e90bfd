import { isJsonObject, isoNow, type JsonObject } from '@quotebridge/platform/core';
import { refuseMissing, refuseUsed, type OwnReference, type Runtime } from '@quotebridge/tmf/component';
import type { ResourceHooks } from '@quotebridge/tmf/resource';
import { refuseCircle } from './structure';

/** The products that a product is related to; what else it refers to is kept elsewhere. */
export const productReferences = (product: JsonObject): OwnReference[] => {
  const { productRelationship } = product;
  return (Array.isArray(productRelationship) ? productRelationship : []).flatMap((relationship, index) => {
    const id = isJsonObject(relationship) ? relationship['id'] : undefined;
    return typeof id === 'string'
      ? [{ path: `/productRelationship/${index}/id`, id, targets: ['product'] }]
      : [];
  });
};

/** What holds for products: none contains itself, they know since when, and none is removed that another one contains. */
export const productHooks = (runtime: Runtime): ResourceHooks => ({
  prepareCreate: async (draft, context) => {
    await refuseCircle(runtime, undefined, draft, context);
    await refuseMissing(runtime, productReferences(draft), context);
    return { creationDate: isoNow(context.clock), ...draft };
  },
  prepareChange: async (before, after, context) => {
    await refuseCircle(runtime, before, after, context);
    await refuseMissing(runtime, productReferences(after), context);
    const ends = after['status'] === 'terminated' && before['status'] !== 'terminated';
    return ends && after['terminationDate'] === undefined
      ? { ...after, terminationDate: isoNow(context.clock) }
      : after;
  },
  beforeRemove: (_before, context) => refuseUsed(runtime, [['product', 'productRelationship.id']], context),
});
