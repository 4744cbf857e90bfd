import type { JsonObject } from '@quotebridge/platform/core';
import type { HttpReply } from '@quotebridge/platform/resilience';
import { pagesOf } from './paging';
import type { Paging } from './settings';

const PAGE = 3;
const record = (id: number): JsonObject => ({ id });

/** A list of an API that changes between two calls, by the number of the call. */
class Listed {
  records = Array.from({ length: 8 }, (_, index) => record(index + 1));
  private calls = 0;

  constructor(private readonly changes: Readonly<Record<number, (list: JsonObject[]) => JsonObject[]>>) {}

  addressOf(path: string): string {
    return `https://api.example${path}`;
  }

  async call({ path }: { readonly path: string }): Promise<HttpReply> {
    this.calls += 1;
    this.records = this.changes[this.calls]?.(this.records) ?? this.records;
    const { searchParams } = new URL(path);
    const page = searchParams.get('page');
    const from = page === null ? Number(searchParams.get('offset')) : (Number(page) - 1) * PAGE;
    const body = JSON.stringify(this.records.slice(from, from + PAGE));
    return { status: 200, headers: {}, setCookies: [], body };
  }
}

const without =
  (...ids: number[]) =>
  (list: JsonObject[]): JsonObject[] =>
    list.filter(({ id }) => !ids.includes(Number(id)));

const read = async (list: Listed, paging: Paging, looksBack: boolean): Promise<unknown[]> => {
  const found: unknown[] = [];
  const stream = { name: 'parts', path: '/parts', paging };
  for await (const page of pagesOf(list, stream, {}, new AbortController().signal, looksBack))
    found.push(...page.map(({ id }) => id));
  return found;
};

describe.each<[string, Paging]>([
  ['numbered pages', { kind: 'page', parameter: 'page', first: 1, ragged: false }],
  ['offsets', { kind: 'offset', parameter: 'offset' }],
])('a list by %s', (_name, paging) => {
  it.each([
    ['a record of a page that was read', { 2: without(1) }],
    ['two of them', { 2: without(1, 3) }],
    ['one before each page', { 2: without(1), 4: without(2) }],
    ['one before the page that is its end', { 2: without(1), 6: without(4, 5) }],
  ])('is read whole although %s goes away meanwhile', async (_what, changes) => {
    const found = await read(new Listed(changes), paging, true);
    expect([...new Set(found)].sort()).toEqual(expect.arrayContaining([4, 5, 6, 7, 8]));
    // What slipped stands before what came behind it.
    expect(found).toEqual([...found].sort());
  });

  it('loses such a record without looking back', async () => {
    expect(await read(new Listed({ 2: without(1) }), paging, false)).not.toContain(4);
  });

  it('that stays as it is gives each record once', async () => {
    expect(await read(new Listed({}), paging, true)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
