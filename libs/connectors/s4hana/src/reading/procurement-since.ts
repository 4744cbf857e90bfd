import { textAt } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { INFO_RECORDS } from '../entity-sets';
import type { ODataClient } from '../odata-client';
import { anyOf, withoutLinks } from '../odata-values';
import { changedSince } from './changed-since';
import { aboutAll, changesIn, LARGE_ROUND, roundsOf } from './changes';

/** Materials of which what some supplier asks has changed since `from`, with what all of them ask: `{ part, offers, changedAt }`. */
export async function* procurementSince(
  client: ODataClient,
  pageSize: number,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  const order = {
    set: INFO_RECORDS,
    keys: ['PurchasingInfoRecord'],
    timeField: 'LastChangeDateTime',
    pageSize,
  };
  const changes = changesIn(changedSince(client, order, from, signal), (record) => [
    textAt(record, 'Material'),
  ]);
  for await (const round of roundsOf(changes, LARGE_ROUND)) {
    const parts = round.map(({ id }) => id);
    const found = await aboutAll(client, INFO_RECORDS, parts, (some) => ({
      $filter: anyOf('Material', some),
      $expand: 'to_PurgInfoRecdOrgPlantData',
    }));
    yield round.map(({ id: part, at: changedAt }) => ({
      part,
      changedAt,
      offers: found.filter((record) => textAt(record, 'Material') === part).map(withoutLinks),
    }));
  }
}
