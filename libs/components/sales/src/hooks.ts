import { isJsonObject, isoNow, type JsonObject } from '@quotebridge/platform/core';
import { refuseMissing, type OwnReference, type Runtime } from '@quotebridge/tmf/component';
import type { HookContext, ResourceHooks } from '@quotebridge/tmf/resource';

const referencesAt = (resource: JsonObject, attribute: string): OwnReference[] => {
  const list = resource[attribute];
  return (Array.isArray(list) ? list : []).flatMap((reference, index) => {
    const id = isJsonObject(reference) ? reference['id'] : undefined;
    return typeof id === 'string' ? [{ path: `/${attribute}/${index}/id`, id, targets: [attribute] }] : [];
  });
};

/** What leads and opportunities refer to within sales. */
export const salesReferences = (resource: JsonObject): OwnReference[] => [
  ...referencesAt(resource, 'salesLead'),
  ...referencesAt(resource, 'salesOpportunity'),
];

/** What holds for leads and opportunities: they know since when they are and when their status changed. */
export const salesHooks = (runtime: Runtime): ResourceHooks => {
  const check = (resource: JsonObject, context: HookContext): Promise<void> =>
    refuseMissing(runtime, salesReferences(resource), context);
  return {
    prepareCreate: async (draft, context) => {
      await check(draft, context);
      const now = isoNow(context.clock);
      return { creationDate: now, statusChangeDate: now, ...draft };
    },
    prepareChange: async (before, after, context) => {
      await check(after, context);
      const isMoved = before['status'] !== after['status'];
      // A CRM that tells when the status changed knows it better.
      const isTold = before['statusChangeDate'] !== after['statusChangeDate'];
      return isMoved && !isTold ? { ...after, statusChangeDate: isoNow(context.clock) } : after;
    },
  };
};
