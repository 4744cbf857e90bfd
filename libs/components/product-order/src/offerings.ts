import { instantOf, objectAt, objectsAt, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { CatalogAway, type CatalogReader } from '@quotebridge/tmf/client';
import type { FindOffering, OfferingView } from './catalog-rules';

const timeAt = (period: JsonObject, name: string): number | undefined => {
  const text = period[name];
  const time = typeof text === 'string' ? instantOf(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

/** What the order rules look at, out of an offering of TMF620 v5. */
export const offeringView = (offering: JsonObject): OfferingView => {
  const period = objectAt(offering, 'validFor');
  const validFrom = timeAt(period, 'startDateTime');
  const validTo = timeAt(period, 'endDateTime');
  return {
    lifecycleStatus: String(offering['lifecycleStatus'] ?? ''),
    ...(objectsAt(offering, 'externalIdentifier').length > 0 ? { isOutside: true } : {}),
    ...(typeof offering['isSellable'] === 'boolean' ? { isSellable: offering['isSellable'] } : {}),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
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
