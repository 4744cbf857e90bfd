import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import type { ODataClient, Query } from '../odata-client';
import { allOf, behind, readDate, textLiteral, timeLiteral, type ODataVersion } from '../odata-values';

/** A set that is read in the order of its changes. */
export interface ChangeOrder {
  /** `<service>/<set>`, or a whole path. */
  readonly set: string;
  /** V2 unless given. */
  readonly version?: ODataVersion;
  /** Fields that tell records of one millisecond apart, the identifier first; all of them texts. */
  readonly keys: readonly string[];
  /** An `Edm.DateTimeOffset` that moves with every change. */
  readonly timeField: string;
  /** Filter besides the time. */
  readonly filter?: string;
  readonly expand?: string;
  readonly pageSize: number;
}

/** What reads pages. */
export type Paged = Pick<ODataClient, 'page' | 'pages'>;

type Page = readonly JsonObject[];

/**
 * Pages of records changed at or after `from`, oldest change first. Offsets and next links would lose records: a
 * record that changes while we read moves to the end, and another slips past the offset. So each page is a new query
 * behind the last one: first everything before the page's last millisecond, then that millisecond on its own by id
 * (times of the system are finer than those it tells, so the id decides nothing in the order of time).
 */
export async function* changedSince(
  client: Paged,
  order: ChangeOrder,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let since = from;
  for (;;) {
    signal.throwIfAborted();
    const filter =
      since === undefined ? undefined : `${order.timeField} ge ${timeLiteral(since, order.version)}`;
    const { page, isLast } = await firstPage(client, order, filter, sortingOf(order));
    if (isLast) {
      if (page.length > 0) yield page;
      return;
    }
    const last = timeOf(page.at(-1), order);
    if (last === undefined) return yield* byLinks(client, order, filter, signal);
    const before = page.filter((record) => timeOf(record, order) !== last);
    if (before.length > 0) yield before;
    yield* millisecond(client, order, last, signal);
    since = nextMillisecond(last);
  }
}

/** Every record of one millisecond, by its keys. */
async function* millisecond(
  client: Paged,
  order: ChangeOrder,
  at: string,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { timeField, keys, version } = order;
  const [from, to] = [at, nextMillisecond(at)].map((time) => timeLiteral(time, version));
  const within = `${timeField} ge ${from} and ${timeField} lt ${to}`;
  let after: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { page, isLast } = await firstPage(client, order, allOf(within, after), keys.join(','));
    if (page.length > 0) yield page;
    const last = page.at(-1);
    const place = keys.flatMap((key): [string, string][] => {
      const value = last?.[key];
      return typeof value === 'string' ? [[key, textLiteral(value)]] : [];
    });
    if (isLast || place.length < keys.length) return;
    after = behind(place);
  }
}

/** Records without a time of change sort first and cannot be read from a place on: only the links lead through them. */
async function* byLinks(
  client: Paged,
  order: ChangeOrder,
  filter: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for await (const page of client.pages(order.set, queryOf(order, filter, sortingOf(order), undefined))) {
    signal.throwIfAborted();
    if (page.length > 0) yield page;
  }
}

const sortingOf = ({ timeField, keys }: ChangeOrder): string => [timeField, ...keys].join(',');

const firstPage = async (
  client: Paged,
  order: ChangeOrder,
  filter: string | undefined,
  sorting: string,
): Promise<{ page: Page; isLast: boolean }> =>
  client.page(order.set, queryOf(order, filter, sorting, order.pageSize), order.pageSize);

const queryOf = (
  { filter, expand }: ChangeOrder,
  more: string | undefined,
  sorting: string,
  top: number | undefined,
): Query => {
  const all = allOf(filter, more);
  return {
    ...(all === '' ? {} : { $filter: all }),
    $orderby: sorting,
    ...(top === undefined ? {} : { $top: String(top) }),
    ...(expand === undefined ? {} : { $expand: expand }),
  };
};

const timeOf = (record: JsonObject | undefined, { timeField, keys }: ChangeOrder): string | undefined =>
  record === undefined || textAt(record, keys[0] ?? '') === undefined
    ? undefined
    : readDate(record[timeField]);

const nextMillisecond = (iso: string): string => new Date(Date.parse(iso) + 1).toISOString();
