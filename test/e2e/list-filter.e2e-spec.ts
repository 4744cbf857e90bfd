import {
  matches,
  mongoSort,
  parseListQuery,
  safeRegex,
  toMongoFilter,
  type FilterNode,
} from '@quotebridge/tmf/query';
import fc from 'fast-check';
import {
  asFilter,
  DATES,
  documents as storedDocuments,
  resolve,
  scalar,
  testCollections,
  text,
  TEXTS,
} from './support/query-documents';

const collections = testCollections('list-filter');
beforeAll(() => collections.open());
afterAll(() => collections.close());

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
        fc.array(storedDocuments, { minLength: 15, maxLength: 25 }),
        fc.array(filters, { minLength: 10, maxLength: 10 }),
        async (documents, nodes) => {
          const collection = await collections.of(documents);
          try {
            for (const node of nodes) {
              const found = await collection
                .find(asFilter(toMongoFilter(node)))
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
    const collection = await collections.of(documents);
    await fc.assert(
      fc.asyncProperty(regex, async ({ pattern, ignoreCase }) => {
        const node: FilterNode = { type: 'regex', path: 'a', pattern, ignoreCase };
        const found = await collection
          .find(asFilter(toMongoFilter(node)))
          .sort({ _id: 1 })
          .toArray();
        const expected = documents.filter((document) => matches(node, document)).map(({ a }) => a);
        expect({ node, texts: found.map(({ a }) => a).sort() }).toEqual({ node, texts: expected.sort() });
      }),
      { numRuns: 400 },
    );
  });
});

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
    const collection = await collections.of([{ name: 'a' }, { name: '$ne', size: 1 }]);
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
        await collection.find(asFilter(filter)).sort(mongoSort(query.value.sort)).toArray();
      }),
      { numRuns: 400 },
    );
  });
});
