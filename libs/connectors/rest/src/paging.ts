import { createHash } from 'node:crypto';
import { valueAt } from '@quotebridge/connectors/sdk';
import { err, isJsonObject, ok, type Json, type JsonObject, type Result } from '@quotebridge/platform/core';
import { nextLink, replyJson, type HttpReply } from '@quotebridge/platform/resilience';
import type { RestClient } from './rest-client';
import type { Paging, RestStream } from './settings';

/** The answer cannot be used as the settings describe it. */
export class UnexpectedAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnexpectedAnswer';
  }
}

/** The list in an answer; the error says what stands there instead. */
export const recordsIn = (
  body: Json | undefined,
  path: string | undefined,
): Result<readonly JsonObject[], string> => {
  const list = path === undefined ? body : isJsonObject(body) ? valueAt(body, path) : undefined;
  if (!Array.isArray(list)) return err(`has no list at ${path ?? 'its root'}`);
  const wrong = list.findIndex((entry) => !isJsonObject(entry));
  return wrong < 0
    ? ok(list.filter(isJsonObject))
    : err(`has something else than an object at place ${wrong} of its list`);
};

const LINK = /<([^>]*)>((?:\s*;\s*[^,;]+)*)/g;

/** Target of the link `next` in a Link header (RFC 8288). */
export const nextInHeader = (header: string | undefined): string | undefined => {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(LINK)) {
    if (/;\s*rel\s*=\s*"?([^";]*\s)?next(\s[^";]*)?"?\s*(;|$)/i.test(parameters)) return target;
  }
  return undefined;
};

const withParameter = (address: string, name: string, value: string): string => {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
};

/** Where a list stands after a page. */
export interface Place {
  readonly address: string;
  /** Pages and records read so far, this page included. */
  readonly pages: number;
  readonly records: number;
  readonly onPage: number;
  /** Records on the longest page so far. */
  readonly longest: number;
}

/** The address of the next page; undefined at the end. The error says why it is not followed. */
export const nextPage = (
  paging: Paging,
  reply: HttpReply,
  place: Place,
): Result<string | undefined, string> => {
  const body = replyJson(reply);
  const at = (path: string): Json | undefined => (isJsonObject(body) ? valueAt(body, path) : undefined);
  const follow = (link: Json | undefined): Result<string | undefined, string> =>
    typeof link === 'string' && link !== '' ? nextLink(place.address, link) : ok(undefined);
  switch (paging.kind) {
    case 'none':
      return ok(undefined);
    case 'page':
      // Only an empty page is the end: a server may change the size of its pages on the way.
      if (place.onPage === 0) return ok(undefined);
      return ok(withParameter(place.address, paging.parameter, String(paging.first + place.pages)));
    case 'offset': {
      const total = paging.total === undefined ? undefined : at(paging.total);
      // Totals are wrong in some systems: that all is read counts only where the page says so as well.
      const isEnd = typeof total === 'number' && place.records >= total && place.onPage < place.longest;
      if (place.onPage === 0 || isEnd) return ok(undefined);
      return ok(withParameter(place.address, paging.parameter, String(place.records)));
    }
    case 'cursor': {
      const cursor = at(paging.path);
      if ((typeof cursor !== 'string' && typeof cursor !== 'number') || cursor === '') return ok(undefined);
      return ok(withParameter(place.address, paging.parameter, String(cursor)));
    }
    case 'nextLink':
      return follow(at(paging.path));
    case 'linkHeader':
      return follow(nextInHeader(reply.headers['link']));
  }
};

const MOST_PAGES = 1_000_000;
const digestOf = (list: readonly JsonObject[]): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64');

/** Records of a page that was read again which were not on it before: they slipped there from the page after it. */
const slipped = (before: readonly JsonObject[], again: readonly JsonObject[]): readonly JsonObject[] => {
  const known = new Set(before.map((record) => JSON.stringify(record)));
  return again.filter((record) => !known.has(JSON.stringify(record)));
};

/**
 * Pages of a list, one at a time. `looksBack`: a page is read once more after the one behind it, because a record that went away
 * on it lets another one slip past the reading; less than a page of them may go between two calls. Throws `CallFailed`, or
 * {@link UnexpectedAnswer} rather than lose or repeat records.
 */
export async function* pagesOf(
  client: Pick<RestClient, 'call' | 'addressOf'>,
  stream: Pick<RestStream, 'path' | 'records' | 'paging' | 'name'>,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
  looksBack = false,
): AsyncGenerator<readonly JsonObject[]> {
  const { paging } = stream;
  let address = client.addressOf(stream.path);
  for (const [name, value] of Object.entries(query)) address = withParameter(address, name, value);
  if (paging.kind === 'page') address = withParameter(address, paging.parameter, String(paging.first));
  if (paging.kind === 'offset') address = withParameter(address, paging.parameter, '0');
  const seen = new Set<string>();
  let before = '';
  let last: { readonly address: string; readonly list: readonly JsonObject[] } | undefined;
  let records = 0;
  // Page numbers count pages of one size; when that changes on the way, records lie between the pages.
  let longest = 0;
  let lastLength = 0;
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    signal.throwIfAborted();
    const where = `The list of ${stream.name}`;
    let reply = await client.call({ method: 'GET', path: address });
    const listOf = (given = reply): readonly JsonObject[] => {
      const list = recordsIn(replyJson(given), stream.records);
      if (!list.ok) throw new UnexpectedAnswer(`${where} ${list.error} on page ${pages}`);
      return list.value;
    };
    let list = listOf();
    // A page that equals the one before was given twice, by a cache or by mistake, in place of another one.
    if (list.length > 0 && digestOf(list) === before) {
      reply = await client.call({ method: 'GET', path: address, headers: { 'cache-control': 'no-cache' } });
      list = listOf();
      if (list.length > 0 && digestOf(list) === before)
        throw new UnexpectedAnswer(`${where} gave the same page twice, as page ${pages - 1} and ${pages}`);
    }
    const onPage = list.length;
    longest = Math.max(longest, onPage);
    if (paging.kind === 'page' && !paging.ragged && onPage > 0) {
      if (pages > 1 && lastLength < longest)
        throw new UnexpectedAnswer(
          `${where} changed the size of its pages: page ${pages - 1} had ${lastLength} records, but more follow`,
        );
      lastLength = onPage;
    }
    before = digestOf(list);
    records += onPage;
    if (looksBack && last !== undefined) {
      const again = listOf(await client.call({ method: 'GET', path: last.address }));
      const missed = slipped(last.list, again);
      if (missed.length > 0) yield missed;
    }
    last = { address, list };
    if (onPage > 0) yield list;
    const next = nextPage(paging, reply, { address, pages, records, onPage, longest });
    if (!next.ok) throw new UnexpectedAnswer(`${where}: ${next.error}`);
    if (next.value === undefined) return;
    if (seen.has(next.value))
      throw new UnexpectedAnswer(`${where} leads from page ${pages} back to an earlier one`);
    seen.add(next.value);
    address = next.value;
  }
  throw new UnexpectedAnswer(`The list of ${stream.name} has more than ${MOST_PAGES} pages`);
}
