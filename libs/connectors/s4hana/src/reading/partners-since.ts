import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { PARTNERS } from '../entity-sets';
import type { ODataClient, Query } from '../odata-client';
import { allOf, anyOf, behind, clockLiteral, dayLiteral, textLiteral } from '../odata-values';
import { partnerChangedAt } from '../partner-change';
import { aboutAll } from './changes';

type Page = readonly JsonObject[];

/** Which business partners a stream reads. */
export interface PartnerReading {
  /** Filter for the kind of partners. */
  readonly kind: string;
  readonly expand: string;
  readonly pageSize: number;
}

const NUMBER = 'BusinessPartner';
const ORDER = ['LastChangeDate', 'LastChangeTime', NUMBER] as const;

const since = (from: string): string =>
  `(LastChangeDate gt ${dayLiteral(from)} or (LastChangeDate eq ${dayLiteral(from)} and LastChangeTime ge ${clockLiteral(from)}))`;

/** Pages in the order of these fields, each a new query behind the last record, so that none is lost while others move. */
async function* inOrderOf(
  client: ODataClient,
  { kind, expand, pageSize }: PartnerReading,
  fields: readonly string[],
  first: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let place = first;
  for (;;) {
    signal.throwIfAborted();
    const query: Query = {
      $filter: allOf(kind, place),
      $orderby: fields.join(','),
      $top: String(pageSize),
      $expand: expand,
    };
    const { page, isLast } = await client.page(PARTNERS, query, pageSize);
    if (page.length > 0) yield page;
    const last = page.at(-1) ?? {};
    const [number, at] = [textAt(last, NUMBER), partnerChangedAt(last)];
    if (isLast || number === undefined) return;
    const literals: Readonly<Record<string, string>> = {
      [NUMBER]: textLiteral(number),
      ...(at === undefined ? {} : { LastChangeDate: dayLiteral(at), LastChangeTime: clockLiteral(at) }),
    };
    place = behind(fields.map((field) => [field, literals[field] ?? 'null']));
  }
}

/** Business partners changed at or after `from`, oldest change first. */
export const partnersSince = (
  client: ODataClient,
  reading: PartnerReading,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<Page> => inOrderOf(client, reading, ORDER, since(from), signal);

/** All business partners by number: one that was never changed has no time of change. */
export const allPartners = (
  client: ODataClient,
  reading: PartnerReading,
  signal: AbortSignal,
): AsyncGenerator<Page> => inOrderOf(client, reading, [NUMBER], undefined, signal);

/** Numbers of the business partners behind numbers of customers. */
export const partnersBehind = async (
  client: ODataClient,
  customers: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await aboutAll(client, PARTNERS, [...new Set(customers)], (some) => ({
    $filter: anyOf('Customer', some),
    $select: 'BusinessPartner,Customer',
  }));
  return new Map(found.map((one) => [textAt(one, 'Customer') ?? '', textAt(one, NUMBER) ?? '']));
};
