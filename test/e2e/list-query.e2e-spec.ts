import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import {
  cursorFilter,
  decodeCursor,
  encodeCursor,
  matches,
  mongoProjection,
  mongoSort,
  parseListQuery,
  parseSelection,
  planIndex,
  safeRegex,
  selectFields,
  toMongoFilter,
  type FieldKind,
  type FilterNode,
  type MongoFilter,
  type SortKey,
} from '@quotebridge/tmf/query';
import fc from 'fast-check';
import { mongo } from 'mongoose';

interface Stored {
  _id: string;
  [name: string]: Json | undefined;
}

jest.setTimeout(60_000);

const client = new mongo.MongoClient(process.env['MONGODB_URI'] ?? '');
const database = client.db(`list-query-${randomUUID()}`);

beforeAll(() => client.connect());
afterAll(async () => {
  await database.dropDatabase();
  await client.close();
});

const storedFilter = (filter: MongoFilter) => filter as mongo.Filter<Stored>;

const collectionOf = async (documents: readonly JsonObject[]) => {
  const collection = database.collection<Stored>(randomUUID());
  await collection.insertMany(documents.map((document, index) => ({ ...document, _id: `id-${index}` })));
  return collection;
};

const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'b\n',
  'a\nb',
  'ä',
  'ſ',
  'K',
  '\u{1f600}',
  '\ue000',
  ' ',
  '5',
  'true',
  'a.b',
  '$ne',
];
const DATES = [
  '2020-01-01',
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.000Z',
  '2020-01-01T00:00:00.5Z',
  '2020-01-01T00:00:00.500Z',
  '2020-01-01T00:00:01Z',
  '2019-12-31T23:59:59.999999Z',
];
const text = fc.constantFrom(...TEXTS);
const scalar = fc.oneof(
  text,
  fc.constantFrom(...DATES),
  fc.constantFrom(0, 1, -1, 5, 5.5, 1e12),
  fc.boolean(),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }) },
);
const inner = fc.record({ x: value, y: value, '@type': text }, { requiredKeys: [] });
const outer = fc.record(
  {
    a: value,
    b: value,
    o: fc.oneof(inner, fc.array(fc.oneof(inner, scalar), { maxLength: 3 })),
    n: fc.record({ o: fc.oneof(inner, fc.array(inner, { maxLength: 3 })) }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const piece = fc.constantFrom(
  'a',
  'A',
  'b',
  '.',
  '\\.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '$',
  '^',
  'k',
  's',
  'ä',
  '(?:a|b)',
  '(ab)?',
  '[a-c.]',
  '\\$',
  '\\n',
);
const quantified = fc
  .tuple(piece, fc.constantFrom('', '', '', '*', '+', '?', '{1,2}', '{2}'))
  .map((parts) => parts.join(''));
const regex = fc
  .tuple(fc.array(quantified, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([parts, ignoreCase]) => safeRegex(parts.join(''), ignoreCase))
  .filter((safe) => typeof safe !== 'string');

const leaf = (paths: readonly string[]): fc.Arbitrary<FilterNode> => {
  const path = fc.constantFrom(...paths);
  return fc.oneof(
    fc.record({
      type: fc.constant('in' as const),
      path,
      values: fc.array(scalar, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('compare' as const),
      path,
      ordering: fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
      value: fc.oneof(text, fc.constantFrom(...DATES), fc.constantFrom(0, 5, 5.5)),
    }),
    fc
      .tuple(path, regex)
      .map(([at, { pattern, ignoreCase }]) => ({ type: 'regex' as const, path: at, pattern, ignoreCase })),
    fc.record({ type: fc.constant('exists' as const), path }),
  );
};

const tree = (paths: readonly string[], depth: number): fc.Arbitrary<FilterNode> =>
  depth === 0
    ? leaf(paths)
    : fc.oneof(
        leaf(paths),
        tree(paths, depth - 1).map((node) => ({ type: 'not' as const, node })),
        fc.record({
          type: fc.constantFrom('and' as const, 'or' as const),
          nodes: fc.array(tree(paths, depth - 1), { maxLength: 3 }),
        }),
        fc.record({
          type: fc.constant('element' as const),
          path: fc.constantFrom('o', 'n.o', 'a'),
          node: tree(['x', 'y', '@type'], depth - 1),
        }),
      );

const filters = tree(['a', 'b', 'o', 'o.x', 'o.@type', 'n.o.y', 'a.x'], 3);

describe('a filter in MongoDB and its twin in memory', () => {
  it('choose the same documents, whatever the filter and whatever is stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(outer, { minLength: 15, maxLength: 25 }),
        fc.array(filters, { minLength: 10, maxLength: 10 }),
        async (documents, nodes) => {
          const collection = await collectionOf(documents);
          try {
            for (const node of nodes) {
              const found = await collection
                .find(storedFilter(toMongoFilter(node)))
                .sort({ _id: 1 })
                .toArray();
              const expected = documents
                .flatMap((document, index) => (matches(node, document) ? [`id-${index}`] : []))
                .sort();
              expect({ node, ids: found.map(({ _id }) => _id) }).toEqual({ node, ids: expected });
            }
          } finally {
            await collection.drop();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('agree on expressions, line ends and letters beyond ASCII included', async () => {
    const documents = TEXTS.concat(['aab', 'ba\n', 'K s', 'x\u2028y', 'x\u00a0y', 'x\vy', '\r']).map((a) => ({
      a,
    }));
    const collection = await collectionOf(documents);
    await fc.assert(
      fc.asyncProperty(regex, async ({ pattern, ignoreCase }) => {
        const node: FilterNode = { type: 'regex', path: 'a', pattern, ignoreCase };
        const found = await collection
          .find(storedFilter(toMongoFilter(node)))
          .sort({ _id: 1 })
          .toArray();
        const expected = documents.filter((document) => matches(node, document)).map(({ a }) => a);
        expect({ node, texts: found.map(({ a }) => a).sort() }).toEqual({ node, texts: expected.sort() });
      }),
      { numRuns: 400 },
    );
  });
});

const kinds: Readonly<Record<string, FieldKind>> = {
  name: 'string',
  size: 'number',
  made: 'date-time',
  bundle: 'boolean',
  'o.x': 'string',
};
const resolve = (path: string) => {
  const kind = kinds[path];
  return kind === undefined ? undefined : { storagePath: path, kind };
};

describe('a query string against MongoDB', () => {
  const hostile = fc.constantFrom(
    '$ne',
    '[$gt]',
    '$where',
    '{"$ne":1}',
    '__proto__',
    'name',
    '=',
    '>',
    ';',
    ',',
    '&',
    '%3E',
    '.',
    'o.x',
    '%00',
    '"',
    "'",
    '.regex=',
    '(',
    'filter=$[?(@.name==',
  );
  it('is refused or runs: no text of a client reaches the server as a broken or foreign query', async () => {
    const collection = await collectionOf([{ name: 'a' }, { name: '$ne', size: 1 }]);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 8 }), async (parts) => {
        const query = parseListQuery(parts.join(''), { resolve });
        if (!query.ok) return;
        const filter = toMongoFilter(query.value.filter);
        const operators = JSON.stringify(filter).match(/"\$\w+":/g) ?? [];
        for (const operator of operators)
          expect([
            '"$and":',
            '"$or":',
            '"$nor":',
            '"$eq":',
            '"$in":',
            '"$nin":',
            '"$gt":',
            '"$gte":',
            '"$lt":',
            '"$lte":',
            '"$regex":',
            '"$exists":',
            '"$elemMatch":',
          ]).toContain(operator);
        await collection.find(storedFilter(filter)).sort(mongoSort(query.value.sort)).toArray();
      }),
      { numRuns: 400 },
    );
  });
});

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
        const collection = await collectionOf(clean);
        const sort = sortOf(sortText);
        const all = (await collection.find().sort(mongoSort(sort)).toArray()).map(({ _id }) => _id);
        for (const side of ['after', 'before'] as const) {
          const backwards = side === 'before';
          const seen: string[] = [];
          let filter: MongoFilter = {};
          for (;;) {
            const page = await collection
              .find(storedFilter(filter))
              .sort(mongoSort(sort, backwards))
              .limit(size)
              .toArray();
            const last = page.at(-1);
            if (last === undefined) break;
            seen.push(...page.map(({ _id }) => _id));
            const cursor = decodeCursor(sort, encodeCursor(sort, last) ?? '');
            if (typeof cursor === 'string') throw new Error(cursor);
            filter = cursorFilter(sort, { ...cursor, side });
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
      const collection = await collectionOf(
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
        .find(storedFilter(toMongoFilter(filter)))
        .sort(mongoSort(sort))
        .skip(900)
        .limit(1)
        .toArray();
      const cursor = decodeCursor(sort, encodeCursor(sort, item ?? { _id: '' }) ?? '');
      if (typeof cursor === 'string') throw new Error(cursor);
      const deep = { $and: [toMongoFilter(filter), cursorFilter(sort, { ...cursor, side: 'after' })] };
      const plan = await collection
        .find(storedFilter(deep))
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
      fc.asyncProperty(outer, fc.array(names, { minLength: 1, maxLength: 4 }), async (document, paths) => {
        const selection = parseSelection(paths.join(','));
        if (!selection.ok) throw new Error(JSON.stringify(selection.error));
        const collection = await collectionOf([{ ...document, '@type': 'T' }]);
        const full = await collection.findOne({});
        const projected = await collection.findOne(
          {},
          { projection: mongoProjection(selection.value) ?? {} },
        );
        expect(selectFields(projected ?? {}, selection.value)).toEqual(
          selectFields(full ?? {}, selection.value),
        );
        await collection.drop();
      }),
      { numRuns: 60 },
    );
  });
});
