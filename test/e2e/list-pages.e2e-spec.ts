import type { JsonObject } from '@quotebridge/platform/core';
import {
  cursorFilter,
  decodeCursor,
  encodeCursor,
  mongoProjection,
  mongoSort,
  parseListQuery,
  parseSelection,
  planIndex,
  selectFields,
  toMongoFilter,
  type MongoFilter,
  type SortKey,
  wholeCursor,
} from '@quotebridge/tmf/query';
import fc from 'fast-check';
import {
  asFilter,
  DATES,
  documents as storedDocuments,
  kinds,
  resolve,
  testCollections,
} from './support/query-documents';

const collections = testCollections('list-pages');
beforeAll(() => collections.open());
afterAll(() => collections.close());

const missingOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const rows = fc.array(
  fc.record({
    name: missingOr(fc.constantFrom('a', 'b', 'ä', '\u{1f600}', '\ue000', '')),
    size: missingOr(fc.constantFrom(1, 2, 2.5)),
    made: fc.option(fc.constantFrom(...DATES), { nil: null }),
    bundle: missingOr(fc.boolean()),
    o: missingOr(fc.record({ x: fc.constantFrom('p', 'q') })),
  }),
  { minLength: 1, maxLength: 14 },
);
const sorts = fc
  .uniqueArray(fc.constantFrom(...Object.keys(kinds)), { maxLength: 3 })
  .chain((paths) => fc.tuple(...paths.map((path) => fc.constantFrom(path, `-${path}`))))
  .map((paths) => paths.join(','));

const sortOf = (sort: string): readonly SortKey[] => {
  const query = parseListQuery(`sort=${encodeURIComponent(sort)}`, { resolve });
  if (!query.ok) throw new Error(JSON.stringify(query.error));
  return query.value.sort;
};

describe('cursors', () => {
  it('lead through every item once, forwards and backwards, with missing values and in any order', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sorts, fc.integer({ min: 1, max: 4 }), async (documents, sortText, size) => {
        const clean = documents.map(
          (row) =>
            Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== undefined)) as JsonObject,
        );
        const collection = await collections.of(clean);
        const sort = sortOf(sortText);
        const all = (await collection.find().sort(mongoSort(sort)).toArray()).map(({ _id }) => _id);
        for (const side of ['after', 'before'] as const) {
          const backwards = side === 'before';
          const seen: string[] = [];
          let filter: MongoFilter = {};
          for (;;) {
            const page = await collection
              .find(asFilter(filter))
              .sort(mongoSort(sort, backwards))
              .limit(size)
              .toArray();
            const last = page.at(-1);
            if (last === undefined) break;
            seen.push(...page.map(({ _id }) => _id));
            const cursor = decodeCursor(sort, encodeCursor(sort, last) ?? '');
            if (typeof cursor === 'string') throw new Error(cursor);
            const whole = wholeCursor(sort, { ...cursor, side }, last);
            if (whole === undefined) throw new Error('moved');
            filter = cursorFilter(sort, whole);
          }
          expect({ sortText, side, seen }).toEqual({
            sortText,
            side,
            seen: backwards ? all.toReversed() : all,
          });
        }
        await collection.drop();
      }),
      { numRuns: 60 },
    );
  });

  it.each(['size', '-size'])(
    'with the planned index a deep page in the order %s reads little more than its items',
    async (sortText) => {
      const collection = await collections.of(
        Array.from({ length: 3_000 }, (_, index) => ({
          name: index % 3 === 0 ? 'x' : 'y',
          size: index % 700,
        })),
      );
      await collection.createIndex({ name: 1, size: 1, _id: 1 }, { name: 'byName' });
      const query = parseListQuery(`name=x&sort=${sortText}`, { resolve });
      if (!query.ok) throw new Error('refused');
      const { filter, sort } = query.value;
      const hint = planIndex({ filter, sort }, [{ name: 'byName', keys: { name: 1, size: 1, _id: 1 } }]);
      expect(hint).toBe('byName');
      const [item] = await collection
        .find(asFilter(toMongoFilter(filter)))
        .sort(mongoSort(sort))
        .skip(900)
        .limit(1)
        .toArray();
      const cursor = decodeCursor(sort, encodeCursor(sort, item ?? { _id: '' }) ?? '');
      if (typeof cursor === 'string') throw new Error(cursor);
      const whole = wholeCursor(sort, { ...cursor, side: 'after' }, undefined);
      if (whole === undefined) throw new Error('short values need no item');
      const deep = { $and: [toMongoFilter(filter), cursorFilter(sort, whole)] };
      const plan = await collection
        .find(asFilter(deep))
        .sort(mongoSort(sort))
        .limit(10)
        .hint('byName')
        .explain('executionStats');
      const stats = (plan as { executionStats: { totalKeysExamined: number; nReturned: number } })
        .executionStats;
      expect(stats.nReturned).toBe(10);
      expect(stats.totalKeysExamined).toBeLessThan(40);
      expect(JSON.stringify(plan)).not.toContain('"stage":"SORT"');
    },
  );
});

describe('a projection', () => {
  it('fetches all that the selection shows', async () => {
    const names = fc.constantFrom('a', 'b', 'o', 'o.x', 'n', 'n.o', 'n.o.y', 'o.@type', 'none', 'zzz');
    await fc.assert(
      fc.asyncProperty(
        storedDocuments,
        fc.array(names, { minLength: 1, maxLength: 4 }),
        async (document, paths) => {
          const selection = parseSelection(paths.join(','));
          if (!selection.ok) throw new Error(JSON.stringify(selection.error));
          const collection = await collections.of([{ ...document, '@type': 'T' }]);
          const full = await collection.findOne({});
          const projected = await collection.findOne(
            {},
            { projection: mongoProjection(selection.value) ?? {} },
          );
          expect(selectFields(projected ?? {}, selection.value)).toEqual(
            selectFields(full ?? {}, selection.value),
          );
          await collection.drop();
        },
      ),
      { numRuns: 60 },
    );
  });
});
