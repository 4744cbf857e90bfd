import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import type { ODataClient, Query } from './odata-client';
import { allOf, readDate, timeLiteral } from './odata-values';

/** A set that is read in the order of its changes. */
export interface ChangeOrder {
  /** `<service>/<set>`. */
  readonly set: string;
  readonly idField: string;
  /** An `Edm.DateTimeOffset` that moves with every change. */
  readonly timeField: string;
  /** Filter besides the time. */
  readonly filter?: string;
  readonly expand?: string;
  readonly pageSize: number;
}

const keyOf = (record: JsonObject, { idField, timeField }: ChangeOrder): string =>
  `${readDate(record[timeField]) ?? ''}/${textAt(record, idField) ?? JSON.stringify(record)}`;

/**
 * Pages of records changed at or after `from`, oldest change first. Each page is a new query from the time of the
 * last record on, so that a record that changes while we read (and moves to the end) shifts nothing out of sight;
 * the records of that same time come again and are dropped. A server that ends pages early is followed by its links.
 */
export async function* changedSince(
  client: ODataClient,
  order: ChangeOrder,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  let since = from;
  let seen = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const top = order.pageSize + seen.size;
    const query = queryFrom(order, since, top);
    let fresh: JsonObject[] = [];
    for await (const page of client.pages(order.set, query)) {
      fresh = page.filter((record) => !seen.has(keyOf(record, order)));
      // Stop at the first page with news: the next query begins behind them.
      if (fresh.length > 0) break;
      signal.throwIfAborted();
    }
    const last = fresh.at(-1);
    if (last === undefined) return;
    yield fresh;
    const at = readDate(last[order.timeField]);
    // Without a time there is no place to go on from; only the first query can hold such records.
    if (at === undefined) return yield* rest(client, order, since, seen, fresh, signal);
    const same = fresh
      .filter((record) => readDate(record[order.timeField]) === at)
      .map((one) => keyOf(one, order));
    seen = at === since ? new Set([...seen, ...same]) : new Set(same);
    since = at;
  }
}

/** The pages after `done` by the server's own links alone. */
async function* rest(
  client: ODataClient,
  order: ChangeOrder,
  since: string | undefined,
  seen: ReadonlySet<string>,
  done: readonly JsonObject[],
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  const known = new Set([...seen, ...done.map((record) => keyOf(record, order))]);
  for await (const page of client.pages(order.set, queryFrom(order, since, undefined))) {
    signal.throwIfAborted();
    const fresh = page.filter((record) => !known.has(keyOf(record, order)));
    if (fresh.length > 0) yield fresh;
  }
}

const queryFrom = (order: ChangeOrder, since: string | undefined, top: number | undefined): Query => {
  const time = since === undefined ? undefined : `${order.timeField} ge ${timeLiteral(since)}`;
  const filter = allOf(order.filter, time);
  return {
    ...(filter === '' ? {} : { $filter: filter }),
    $orderby: `${order.timeField},${order.idField}`,
    ...(top === undefined ? {} : { $top: String(top) }),
    ...(order.expand === undefined ? {} : { $expand: order.expand }),
  };
};
