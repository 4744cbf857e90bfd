import { endOf, objectAt, objectsAt, Refusal, startOf, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { CatalogAway, type CatalogReader } from '@quotebridge/tmf/client';
import type { FindOffering, OfferingView } from './catalog-rules';

/** What the order rules look at, out of an offering of TMF620 v5. */
export const offeringView = (offering: JsonObject): OfferingView => {
  const period = objectAt(offering, 'validFor');
  const validFrom = startOf(period);
  const validTo = endOf(period);
  return {
    lifecycleStatus: String(offering['lifecycleStatus'] ?? ''),
    ...(objectsAt(offering, 'externalIdentifier').length > 0 ? { isOutside: true } : {}),
    ...(typeof offering['isSellable'] === 'boolean' ? { isSellable: offering['isSellable'] } : {}),
    ...(Number.isFinite(validFrom) ? { validFrom } : {}),
    ...(Number.isFinite(validTo) ? { validTo } : {}),
  };
};

/** Looks up the offerings with these ids in the catalog. Throws a 503 `Refusal` when the catalog does not answer. */
export const findOfferings = async (
  catalog: CatalogReader,
  ids: readonly string[],
  trace?: Context,
): Promise<FindOffering> => {
  try {
    const read = ids.map(async (id) => [id, await catalog.offering(id, trace)] as const);
    const found = new Map(await Promise.all(read));
    return (id) => {
      const offering = found.get(id);
      return offering && offeringView(offering);
    };
  } catch (thrown) {
    if (!(thrown instanceof CatalogAway)) throw thrown;
    throw new Refusal(503, 'catalogAway', `${thrown.message} Try again later.`, {
      headers: { 'Retry-After': '5' },
      cause: thrown,
    });
  }
};
