import { textAt } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { ODataClient } from '../odata-client';
import { allOf, anyOf, withoutLinks } from '../odata-values';
import { changedSince, type Paged } from './changed-since';
import { aboutAll, changedAtOf, changesIn, LARGE_ROUND, roundsOf } from './changes';

/** Records that are read together because they are about the same thing. */
export interface Grouping {
  /** `<service>/<set>`. */
  readonly set: string;
  readonly keyField: string;
  /** The field that names the thing. */
  readonly aboutField: string;
  readonly filter?: string;
  readonly expand?: string;
  readonly pageSize: number;
}

/** Things about which some record has changed since `from`, each with all records about it: `{ about, records, changedAt }`. */
export async function* groupedSince(
  client: Paged & Pick<ODataClient, 'together'>,
  { set, keyField, aboutField, filter, expand, pageSize }: Grouping,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  const order = {
    ...{ set, keys: [keyField], timeField: 'LastChangeDateTime', pageSize },
    ...(filter === undefined ? {} : { filter }),
  };
  const changes = changesIn(changedSince(client, order, from, signal), (record) => [
    textAt(record, aboutField),
  ]);
  for await (const round of roundsOf(changes, LARGE_ROUND)) {
    const things = round.map(({ id }) => id);
    const found = await aboutAll(client, set, things, (some) => ({
      $filter: allOf(anyOf(aboutField, some), filter),
      ...(expand === undefined ? {} : { $expand: expand }),
    }));
    yield round.map(({ id: about, at }) => ({
      about,
      ...changedAtOf(at),
      records: found.filter((record) => textAt(record, aboutField) === about).map(withoutLinks),
    }));
  }
}
